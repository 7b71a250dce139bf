import type {
  BatchFrame,
  Capacity,
  ClientFrame,
  HelloFrame,
  JsonValue,
  ReportFrame,
  ReportItem,
  ServerFrame,
  TaskId,
} from "@sluice/protocol";
import { TokenBucket } from "../../../harness/token-bucket.ts";

/** What the journal holds of one delivery. */
interface Entry {
  attempt: number;
  state: "accepted" | "running" | "done";
  parts: number;
}

type Unsent = Omit<ReportFrame, "epoch" | "type">;

/** What outlives the client's crash. */
interface Journal {
  readonly entries: Map<TaskId, Entry>;
  readonly unanswered: Unsent[];
  resume: { epoch: number; seq: number } | null;
  reportSeq: number;
}

const newJournal = (): Journal => ({
  entries: new Map(),
  unanswered: [],
  resume: null,
  reportSeq: 0,
});

export interface ClientTraits {
  readonly burst: number;
  readonly perSecond: number;
  readonly slots: number;
}

/**
 * The reference of a conforming client: writes what it accepts and what it finished into a journal
 * before it says so, runs nothing twice that the journal knows, and sends a report until it is answered.
 */
export class JournalledClient {
  readonly bucket: TokenBucket;
  readonly #slots: number;
  #journal = newJournal();
  #say: ((frame: ClientFrame) => void) | null = null;
  #epoch: number | null = null;
  /** How often each task took effect. */
  readonly effects = new Map<TaskId, number>();
  /** Rows that each task gave, in their order. */
  readonly rows = new Map<TaskId, JsonValue[]>();
  /** Tasks whose once-only effect is not promised: the client crashed on them or lost its journal. */
  readonly excused = new Set<TaskId>();
  /** Fewest free slots at any time on a line that works. */
  leastFree = 0;

  constructor(traits: ClientTraits, now: number) {
    this.bucket = new TokenBucket(traits.burst, traits.perSecond, now);
    this.#slots = traits.slots;
  }

  get held(): readonly TaskId[] {
    return [...this.#journal.entries].flatMap(([id, { state }]) => (state === "done" ? [] : [id]));
  }

  /** Opens a connection and says hello on it. */
  connect(say: (frame: ClientFrame) => void, now: number): void {
    this.#say = say;
    this.#epoch = null;
    const running = this.held.map((id) => ({ id, attempt: this.#attempt(id) }));
    const { resume } = this.#journal;
    const hello: HelloFrame = { type: "hello", agent: "model/1", running, ...this.#capacity(now) };
    say(resume === null ? hello : { ...hello, resume });
  }

  disconnect(): void {
    this.#say = null;
    this.#epoch = null;
  }

  hear(frame: ServerFrame, stalled: boolean, now: number): void {
    switch (frame.type) {
      case "welcome":
        this.#epoch = frame.epoch;
        for (const report of this.#journal.unanswered) this.#send(report, now);
        return;
      case "batch":
        this.#accept(frame, stalled, now);
        return;
      case "reported": {
        const index = this.#journal.unanswered.findIndex(({ seq }) => seq === frame.seq);
        if (index >= 0) this.#journal.unanswered.splice(index, 1);
        return;
      }
      case "cancel":
        for (const id of frame.ids) this.#cancel(id, now);
        return;
      case "bye":
        return;
    }
  }

  start(id: TaskId, now: number): void {
    const entry = this.#entry(id);
    if (entry.state !== "accepted") return;
    entry.state = "running";
    this.#report([{ id, attempt: entry.attempt, event: "started" }], now);
  }

  giveRows(id: TaskId, now: number): void {
    const entry = this.#entry(id);
    const row = `${id} part ${entry.parts}`;
    this.rows.set(id, [...(this.rows.get(id) ?? []), row]);
    const { attempt, parts } = entry;
    entry.parts += 1;
    this.#report([{ id, attempt, event: "rows", part: parts, rows: [row] }], now);
  }

  /** The task takes effect, and the journal says so in the same breath. */
  finish(id: TaskId, how: "succeeded" | "failed", now: number): void {
    const entry = this.#entry(id);
    this.effects.set(id, (this.effects.get(id) ?? 0) + 1);
    entry.state = "done";
    const { attempt } = entry;
    const error = { code: "broken", message: "" };
    this.#report(
      [{ id, attempt, ...(how === "failed" ? { event: how, error } : { event: how }) }],
      now,
    );
  }

  /** Crashes after a task took effect and before the journal knows: the one gap that no one can close. */
  crashAfterEffect(id: TaskId): void {
    this.effects.set(id, (this.effects.get(id) ?? 0) + 1);
    this.excused.add(id);
    this.crash();
  }

  crash(): void {
    this.disconnect();
    for (const [id, entry] of this.#journal.entries) {
      if (entry.state !== "running") continue;
      entry.state = "accepted";
      this.rows.delete(id);
      this.excused.add(id);
    }
  }

  loseJournal(): void {
    this.crash();
    for (const id of this.#journal.entries.keys()) this.excused.add(id);
    this.#journal = newJournal();
  }

  #accept(batch: BatchFrame, stalled: boolean, now: number): void {
    const { trips } = this.bucket;
    this.bucket.take(now);
    if (stalled) this.bucket.trips = trips;
    for (const { id, attempt } of batch.tasks) {
      const known = this.#journal.entries.get(id);
      if (known !== undefined) known.attempt = attempt;
      else this.#journal.entries.set(id, { attempt, state: "accepted", parts: 0 });
    }
    if (!stalled) this.leastFree = Math.min(this.leastFree, this.#slots - this.held.length);
    const { epoch, seq } = batch;
    this.#journal.resume = { epoch, seq };
    this.#say?.({ type: "ack", epoch, seq, ...this.#capacity(now) });
  }

  #cancel(id: TaskId, now: number): void {
    const entry = this.#journal.entries.get(id);
    if (entry === undefined || entry.state === "done") return;
    entry.state = "done";
    this.#report([{ id, attempt: entry.attempt, event: "cancelled" }], now);
  }

  #report(items: readonly ReportItem[], now: number): void {
    this.#journal.reportSeq += 1;
    const report = { seq: this.#journal.reportSeq, items };
    this.#journal.unanswered.push(report);
    this.#send(report, now);
  }

  #send(report: Unsent, now: number): void {
    if (this.#epoch === null) return;
    this.#say?.({ type: "report", epoch: this.#epoch, ...report, ...this.#capacity(now) });
  }

  #capacity(now: number): { capacity: Capacity } {
    const { burst, perSecond } = this.bucket;
    const slots = Math.max(0, this.#slots - this.held.length);
    return { capacity: { burst, perSecond, tokens: this.bucket.tokens(now), slots } };
  }

  #attempt(id: TaskId): number {
    return this.#entry(id).attempt;
  }

  #entry(id: TaskId): Entry {
    const entry = this.#journal.entries.get(id);
    if (entry === undefined)
      throw new Error("the model asked for a task that its client never got");
    return entry;
  }
}
