import type { DeliveredTask } from "@sluice/protocol";

/** Tasks of this priority are urgent: they may use the slot that is kept for them. */
export const URGENT = 9;

/** A first-in-first-out line that gives back its head in constant time. */
interface Line {
  tasks: DeliveredTask[];
  head: number;
}

/** Taken entries that a line carries along before it is cut. */
const MAX_TAKEN = 1_024;

/** Accepted tasks that wait for a free slot: highest priority first, first in first out within. */
export class ReadyQueue {
  readonly #lines: readonly Line[] = Array.from({ length: URGENT + 1 }, () => ({
    tasks: [],
    head: 0,
  }));
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(task: DeliveredTask): void {
    this.#lines[task.priority]?.tasks.push(task);
    this.#size++;
  }

  /** Removes and returns the next task of at least `minPriority`; null when there is none. */
  take(minPriority: number): DeliveredTask | null {
    if (this.#size === 0) return null;
    for (let priority = URGENT; priority >= minPriority; priority--) {
      const line = this.#lines[priority];
      const task = line?.tasks[line.head];
      if (line === undefined || task === undefined) continue;
      advance(line);
      this.#size--;
      return task;
    }
    return null;
  }
}

function advance(line: Line): void {
  line.head++;
  if (line.head < line.tasks.length && line.head < MAX_TAKEN) return;
  line.tasks = line.tasks.slice(line.head);
  line.head = 0;
}
