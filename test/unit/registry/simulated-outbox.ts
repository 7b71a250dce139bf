import { OutboxDrain, type OutboxRow } from "../../../durable-objects/registry/outbox-drain.ts";
import { startTimer } from "../../../durable-objects/registry/timer.ts";

/** What becomes of one write to KV: when it ends, and whether it took effect. */
export interface Fate {
  readonly afterMs: number;
  readonly lands: boolean;
}

export const AT_ONCE: Fate = { afterMs: 0, lands: true };
export const DOWN: Fate = { afterMs: 0, lands: false };
export const NEVER: Fate = { afterMs: Number.POSITIVE_INFINITY, lands: false };

interface StoredRow extends OutboxRow {
  readonly nextAtMs: number;
}

/**
 * A registry in small: things with versions, their outbox, and a KV whose writes meet the fates that the
 * test deals out. Time is vitest's; run it under fake timers.
 */
export class SimulatedOutbox {
  readonly committed = new Map<string, number>();
  readonly outbox = new Map<string, StoredRow>();
  readonly kv = new Map<string, number>();
  readonly reports: string[] = [];
  readonly fates: Fate[] = [];
  /** Fate of writes for which none was dealt. */
  usualFate: Fate = AT_ONCE;
  writes = 0;
  inFlight = 0;
  mostInFlight = 0;
  /** Writes that were on their way when the object died are nobody's any more. */
  #life = 0;
  #drain = this.#newDrain();

  /** Commits the next version of a thing, with its outbox row, as one transaction would. */
  commit(id: string): void {
    const version = (this.committed.get(id) ?? 0) + 1;
    this.committed.set(id, version);
    this.#enqueue(id, version);
  }

  run(): Promise<void> {
    return this.#drain.run();
  }

  /** The object dies: what it had in memory is gone, and what it was writing never lands. */
  crash(): void {
    this.#life += 1;
    this.inFlight = 0;
    this.#drain = this.#newDrain();
  }

  /** The drain of this life; what is left of it after a crash finds nothing to do. */
  #newDrain(): OutboxDrain {
    const life = this.#life;
    return new OutboxDrain({
      now: () => Date.now(),
      random: () => 1,
      due: (limit) => (life === this.#life ? this.#due(limit) : []),
      publish: ({ id }) => this.#publish(id),
      published: (row) => {
        if (this.outbox.get(row.id)?.version === row.version) this.outbox.delete(row.id);
      },
      postpone: (row, attempts, nextAtMs) => {
        if (life !== this.#life) return;
        const stored = this.outbox.get(row.id);
        if (stored?.version !== row.version) return;
        this.outbox.set(row.id, { ...stored, attempts, nextAtMs });
      },
      landedLate: ({ id }) => {
        this.#enqueue(id, this.committed.get(id) ?? 0);
        void this.run();
      },
      timer: startTimer,
      report: (event, { id }) => this.reports.push(`${event} ${id}`),
    });
  }

  #enqueue(id: string, version: number): void {
    this.outbox.set(id, { kind: "site", id, version, attempts: 0, nextAtMs: Date.now() });
  }

  #due(limit: number): readonly OutboxRow[] {
    return [...this.outbox.values()]
      .filter(({ nextAtMs }) => nextAtMs <= Date.now())
      .sort((left, right) => left.nextAtMs - right.nextAtMs)
      .slice(0, limit);
  }

  async #publish(id: string): Promise<void> {
    const version = this.committed.get(id) ?? 0;
    const { afterMs, lands } = this.fates.shift() ?? this.usualFate;
    const life = this.#life;
    this.writes += 1;
    this.inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    await (afterMs === Number.POSITIVE_INFINITY
      ? new Promise(() => {})
      : startTimer(afterMs).elapsed);
    if (life !== this.#life) return new Promise(() => {});
    this.inFlight -= 1;
    if (!lands) throw new Error("KV refused");
    this.kv.set(id, version);
  }
}
