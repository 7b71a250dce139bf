import { setTimeout as sleep } from "node:timers/promises";
import { isTerminal, type JsonValue, type TaskSpec, type TaskView } from "@sluice/protocol";
import type { Operator } from "@sluice/sdk/operator";

/** Between two looks at the client's tasks. */
const LOOK_EVERY_MS = 200;
/** A page holds at most this many tasks or rows. */
const PAGE = 1_000;
/** After the last call; a run that takes longer has failed. */
const PATIENCE_MS = 30_000;

/** One task of a burst. */
export interface Collection {
  /** When it was asked for, ms since 1970. */
  readonly calledAtMs: number;
  /** With its timeline; null until it has ended. */
  readonly task: TaskView | null;
  /** What it reported; null until it has ended. */
  readonly rows: readonly JsonValue[] | null;
}

/** How far a burst is. */
export interface BurstProgress {
  /** In the order of the calls, one for each call that was answered. */
  readonly collections: readonly Collection[];
  /** When the last call was answered, ms since 1970; null while calls are being made. */
  readonly answeredAtMs: number | null;
}

/**
 * Schedules every task by a call of its own, one after the other, and watches them through the operator's
 * API until all have ended or patience is over. `show` is called after each look. Throws what a call threw.
 */
export async function runBurst(
  operator: Operator,
  clientId: string,
  specs: readonly TaskSpec[],
  show: (progress: BurstProgress) => void,
): Promise<BurstProgress> {
  const burst = new Burst(operator, clientId);
  const [progress] = await Promise.all([burst.watch(show), burst.call(specs)]);
  return progress;
}

class Burst {
  readonly #operator: Operator;
  readonly #clientId: string;
  readonly #collections = new Map<string, Collection>();
  #answeredAtMs: number | null = null;

  constructor(operator: Operator, clientId: string) {
    this.#operator = operator;
    this.#clientId = clientId;
  }

  async call(specs: readonly TaskSpec[]): Promise<void> {
    for (const spec of specs) {
      const calledAtMs = Date.now();
      const [task] = await this.#operator.schedule(this.#clientId, [spec]);
      if (task) this.#collections.set(task.id, { calledAtMs, task: null, rows: null });
    }
    this.#answeredAtMs = Date.now();
  }

  async watch(show: (progress: BurstProgress) => void): Promise<BurstProgress> {
    for (;;) {
      const over = this.#isOver();
      await this.#look();
      const progress = {
        collections: [...this.#collections.values()],
        answeredAtMs: this.#answeredAtMs,
      };
      show(progress);
      if (over) return progress;
      await sleep(LOOK_EVERY_MS);
    }
  }

  #isOver(): boolean {
    if (this.#answeredAtMs === null) return false;
    const allEnded = [...this.#collections.values()].every(({ rows }) => rows !== null);
    return allEnded || Date.now() > this.#answeredAtMs + PATIENCE_MS;
  }

  /** Looks at the list, and closer at tasks that have ended since the last look. */
  async #look(): Promise<void> {
    for await (const { id, state } of this.#operator.tasks(this.#clientId, { limit: PAGE })) {
      const known = this.#collections.get(id);
      if (known?.rows === null && isTerminal(state)) await this.#lookAt(id, known);
    }
  }

  async #lookAt(id: string, known: Collection): Promise<void> {
    const task = await this.#operator.task(this.#clientId, id);
    this.#collections.set(id, { ...known, task, rows: await this.#rowsOf(id) });
  }

  async #rowsOf(id: string): Promise<readonly JsonValue[]> {
    const rows: JsonValue[] = [];
    for await (const { row } of this.#operator.rows(this.#clientId, id, { limit: PAGE })) {
      rows.push(row);
    }
    return rows;
  }
}
