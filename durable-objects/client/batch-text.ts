import type { TaskOptions } from "./rpc.ts";
import { expiryOf, type Segment } from "./segment.ts";
import { taskIdOf, taskIdPrefix } from "./task-id.ts";

/** Room for what stands around a task's line in a frame: id, attempt, priority, times, delivery. */
export const TASK_ENVELOPE_BYTES = 190;

/**
 * Writes a batch frame as JSON text around the stored lines of its tasks, without parsing them: a line is
 * `"kind":"…","args":{…}` as the front normalised it. Pieces are gathered and joined once, so each line
 * is copied once; what tasks of one segment share is written once.
 */
export class FrameText {
  readonly #pieces: string[];
  #tasks = 0;
  #segment: Segment | null = null;
  #prefix = "";
  #options: TaskOptions | null = null;
  #tail = "";

  constructor(epoch: number, seq: number) {
    this.#pieces = [`{"type":"batch","epoch":${epoch},"seq":${seq},"tasks":[`];
  }

  /** How many tasks the frame holds so far. */
  get tasks(): number {
    return this.#tasks;
  }

  add(
    segment: Segment,
    ordinal: number,
    attempt: number,
    options: TaskOptions,
    line: string,
  ): void {
    if (segment !== this.#segment) {
      this.#segment = segment;
      this.#prefix = taskIdPrefix(segment.createdAt);
      this.#options = null;
    }
    if (options !== this.#options) {
      this.#options = options;
      this.#tail = tailOf(segment, options);
    }
    const comma = this.#tasks === 0 ? "" : ",";
    const id = taskIdOf(this.#prefix, ordinal);
    this.#pieces.push(`${comma}{"id":"${id}","attempt":${attempt},`, line, this.#tail);
    this.#tasks += 1;
  }

  /** The whole frame. */
  text(): string {
    return `${this.#pieces.join("")}]}`;
  }
}

function tailOf(segment: Segment, options: TaskOptions): string {
  const deadline = new Date(expiryOf(segment, options)).toISOString();
  const delivery = options.atMostOnce ? ',"delivery":"at_most_once"' : "";
  const timeoutMs = options.timeoutSeconds * 1000;
  return `,"priority":${options.priority},"timeoutMs":${timeoutMs},"deadline":"${deadline}"${delivery}}`;
}
