import { fail, ok, type Result, type ScheduledTask } from "@sluice/protocol";
import type { Desk } from "./desk.ts";
import type { EncodedTasks, Refusal } from "./rpc.ts";
import { optionsOf, type Segment, taskIdIn } from "./segment.ts";
import { taskIdOf, taskIdPrefix } from "./task-id.ts";

/** Tasks that may wait for one client. */
export const MAX_QUEUED_TASKS = 100_000;
/** Their texts, bytes. */
export const MAX_QUEUED_BYTES = 64 * 1024 * 1024;
/** Text of one stored segment, characters: a row may hold 2 MB, and a character takes up to 3 bytes. */
const MAX_SEGMENT_CHARACTERS = 600 * 1024;
/** What a caller is told to wait when the queue is full. */
const FULL_RETRY_SECONDS = 30;

/**
 * Takes in one call: stores its tasks as one segment (more where the text does not fit a row) and
 * answers for each in the order of the call. A task whose idempotency key is known is not stored again
 * but answered with the task that it named. Full queue: the whole call is refused and nothing is stored.
 */
export function enqueue(
  desk: Desk,
  call: EncodedTasks,
  parent: number | null,
  now: number,
): Result<readonly ScheduledTask[], Refusal> {
  const lines = call.lines.split("\n");
  if (lines.length !== call.count) return fail({ code: "bad_request", detail: "count mismatch" });
  const fresh = freshTasks(desk, call);
  const refusal = refusalOf(desk, call, fresh?.length ?? call.count);
  if (refusal !== null) return fail(refusal);
  const answers = new Array<ScheduledTask | undefined>(call.count);
  for (const part of partition(lines, fresh)) {
    const segment = storePart(desk, call, lines, part, parent, now);
    answerFresh(answers, segment, part);
  }
  return ok(
    fresh === null ? answers.flatMap((task) => task ?? []) : withKnown(desk, call, answers),
  );
}

/** Takes in the work of a stored task once more, as a new task that names it as its parent. */
export function enqueueAgain(
  desk: Desk,
  segment: Segment,
  ordinal: number,
  now: number,
): Result<readonly ScheduledTask[], Refusal> {
  const call: EncodedTasks = {
    count: 1,
    lines: desk.storage.segments.lines(segment)[ordinal - segment.first] ?? "",
    options: [optionsOf(segment, ordinal)],
    optionOf: null,
    idempotencyKeys: null,
  };
  return enqueue(desk, call, ordinal, now);
}

/** A call of known tasks alone takes no room: a caller that repeats it learns what became of them. */
function refusalOf(desk: Desk, call: EncodedTasks, fresh: number): Refusal | null {
  if (fresh === 0) return null;
  const retryAfterSeconds = FULL_RETRY_SECONDS;
  if (desk.book.tally.count("queued") + fresh > MAX_QUEUED_TASKS) {
    const detail = `the client's queue holds at most ${MAX_QUEUED_TASKS} tasks`;
    return { code: "queue_full", detail, retryAfterSeconds };
  }
  if (desk.book.tally.queuedBytes + call.lines.length > MAX_QUEUED_BYTES) {
    const detail = `the client's queue holds at most ${MAX_QUEUED_BYTES} bytes of tasks`;
    return { code: "queue_bytes_exceeded", detail, retryAfterSeconds };
  }
  return null;
}

/** Indexes of the call's tasks that are not known by their idempotency key, first of a key only. */
function freshTasks(desk: Desk, call: EncodedTasks): readonly number[] | null {
  const keys = call.idempotencyKeys;
  if (keys === null) return null;
  const seen = new Set<string>();
  const fresh: number[] = [];
  for (const [index, key] of keys.entries()) {
    if (key !== null) {
      if (seen.has(key) || desk.keys.find(key) !== undefined) continue;
      seen.add(key);
    }
    fresh.push(index);
  }
  return fresh;
}

/** Cuts the tasks (all of them for null) into runs whose texts fit a row; mostly there is one. */
function partition(lines: readonly string[], fresh: readonly number[] | null): readonly number[][] {
  const parts: number[][] = [];
  let part: number[] = [];
  let size = 0;
  for (const index of fresh ?? lines.keys()) {
    const length = (lines[index]?.length ?? 0) + 1;
    if (part.length > 0 && size + length > MAX_SEGMENT_CHARACTERS) {
      parts.push(part);
      part = [];
      size = 0;
    }
    part.push(index);
    size += length;
  }
  if (part.length > 0) parts.push(part);
  return parts;
}

function storePart(
  desk: Desk,
  call: EncodedTasks,
  lines: readonly string[],
  part: readonly number[],
  parent: number | null,
  now: number,
): Segment {
  const whole = part.length === call.count;
  const own = whole ? lines : part.map((index) => lines[index] ?? "");
  const text = whole ? call.lines : own.join("\n");
  const { optionOf, idempotencyKeys } = call;
  const segment: Segment = {
    first: desk.book.next,
    count: part.length,
    createdAt: now,
    bytes: new TextEncoder().encode(text).length,
    options: call.options,
    optionOf: optionOf && Uint16Array.from(part, (index) => optionOf[index] ?? 0),
    parent,
  };
  const keys = idempotencyKeys && part.map((index) => idempotencyKeys[index] ?? null);
  desk.storage.segments.save(segment, { lines: text, keys });
  desk.book.append(segment);
  desk.lines.put(segment, own);
  for (const [offset, key] of keys?.entries() ?? []) {
    if (key !== null) desk.keys.remember(key, segment.first + offset);
  }
  return segment;
}

function answerFresh(
  answers: (ScheduledTask | undefined)[],
  segment: Segment,
  part: readonly number[],
): void {
  const prefix = taskIdPrefix(segment.createdAt);
  for (const [offset, index] of part.entries()) {
    const id = taskIdOf(prefix, segment.first + offset);
    answers[index] = { id, state: "queued", duplicate: false };
  }
}

/** Answers what was not stored anew with the tasks that the idempotency keys name. */
function withKnown(
  desk: Desk,
  call: EncodedTasks,
  answers: readonly (ScheduledTask | undefined)[],
): readonly ScheduledTask[] {
  const tasks: ScheduledTask[] = [];
  for (let index = 0; index < call.count; index += 1) {
    const task = answers[index] ?? knownTask(desk, call.idempotencyKeys?.[index] ?? "");
    if (task !== null) tasks.push(task);
  }
  return tasks;
}

function knownTask(desk: Desk, key: string): ScheduledTask | null {
  const ordinal = desk.keys.find(key);
  const segment = ordinal === undefined ? null : desk.storage.segments.at(ordinal);
  if (segment === null || ordinal === undefined) return null;
  const record = desk.record(segment, ordinal);
  return { id: taskIdIn(segment, ordinal), state: record.state, duplicate: true };
}
