import { LIMITS, type TaskSpec } from "@sluice/protocol";
import { utf8Bytes } from "../client/row-part.ts";

/** Bytes of `{"tasks":[]}` around the tasks. */
const ENVELOPE_BYTES = 12;

/** The bodies of the calls that schedule these tasks, each within the bounds of one call. */
export interface TaskPart {
  readonly body: string;
  readonly count: number;
}

/**
 * Splits tasks over as few calls as carry them, in their order. `keyOf` names the idempotency key of the
 * task with this index where it has none of its own; null for none.
 */
export function* splitTasks(
  tasks: Iterable<TaskSpec>,
  keyOf: ((index: number) => string) | null,
): Generator<TaskPart> {
  let texts: string[] = [];
  let bytes = ENVELOPE_BYTES;
  let index = 0;
  for (const task of tasks) {
    const text = JSON.stringify(withKey(task, keyOf, index++));
    const size = utf8Bytes(text) + 1;
    const full = texts.length === LIMITS.callTasks || bytes + size > LIMITS.callBytes;
    if (full && texts.length > 0) {
      yield partOf(texts);
      texts = [];
      bytes = ENVELOPE_BYTES;
    }
    texts.push(text);
    bytes += size;
  }
  if (texts.length > 0) yield partOf(texts);
}

function withKey(
  task: TaskSpec,
  keyOf: ((index: number) => string) | null,
  index: number,
): TaskSpec {
  if (keyOf === null || task.idempotencyKey !== undefined) return task;
  return { ...task, idempotencyKey: keyOf(index) };
}

function partOf(texts: readonly string[]): TaskPart {
  return { body: `{"tasks":[${texts.join(",")}]}`, count: texts.length };
}
