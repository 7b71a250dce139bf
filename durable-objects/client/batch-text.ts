import type { TaskOptions } from "./rpc.ts";
import { expiryOf, optionsOf, type Segment } from "./segment.ts";
import { taskIdOf, taskIdPrefix } from "./task-id.ts";

/** Room for what stands around a task's line in a frame: id, attempt, priority, times. */
export const TASK_ENVELOPE_BYTES = 160;

/**
 * Writes one delivered task as JSON text around its stored line, without parsing it: the line is
 * `"kind":"…","args":{…}` as the front normalised it. Remembers the texts that tasks of one segment
 * share, so one instance serves one frame.
 */
export class TaskWriter {
  #segment: Segment | null = null;
  #prefix = "";
  #options: TaskOptions | null = null;
  #tail = "";

  write(segment: Segment, ordinal: number, attempt: number, line: string): string {
    if (segment !== this.#segment) {
      this.#segment = segment;
      this.#prefix = taskIdPrefix(segment.createdAt);
      this.#options = null;
    }
    const options = optionsOf(segment, ordinal);
    if (options !== this.#options) {
      this.#options = options;
      const deadline = new Date(expiryOf(segment, options)).toISOString();
      this.#tail = `,"priority":${options.priority},"timeoutMs":${options.timeoutSeconds * 1000},"deadline":"${deadline}"}`;
    }
    return `{"id":"${taskIdOf(this.#prefix, ordinal)}","attempt":${attempt},${line}${this.#tail}`;
  }
}

/** The whole frame around its tasks. */
export function batchFrame(epoch: number, seq: number, tasks: readonly string[]): string {
  return `{"type":"batch","epoch":${epoch},"seq":${seq},"tasks":[${tasks.join(",")}]}`;
}
