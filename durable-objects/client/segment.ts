import type { TaskId } from "@sluice/protocol";
import type { TaskOptions } from "./rpc.ts";
import { taskIdOf, taskIdPrefix } from "./task-id.ts";

/** Priority that passes every gate. */
export const URGENT = 9;

/** The tasks of one enqueue call (or of a part of it that fits a row), all but what they are. */
export interface Segment {
  /** Ordinal of the first task; the others follow. */
  readonly first: number;
  readonly count: number;
  /** ms. */
  readonly createdAt: number;
  /** Size of the stored lines, UTF-8. */
  readonly bytes: number;
  readonly options: readonly TaskOptions[];
  readonly optionOf: Uint16Array | null;
  /** Ordinal of the task that this one runs again. */
  readonly parent: number | null;
}

/** Options of one task of the segment. */
export function optionsOf(segment: Segment, ordinal: number): TaskOptions {
  const index = segment.optionOf === null ? 0 : (segment.optionOf[ordinal - segment.first] ?? 0);
  const options = segment.options[index];
  if (options === undefined) throw new RangeError("segment without options");
  return options;
}

/** Whether a task passes every gate. */
export function isUrgent(segment: Segment, ordinal: number): boolean {
  return optionsOf(segment, ordinal).priority === URGENT;
}

/** When the task expires unless it has ended, ms. */
export function expiryOf(segment: Segment, options: TaskOptions): number {
  return segment.createdAt + options.ttlSeconds * 1000;
}

/** The id of a task of the segment. */
export function taskIdIn(segment: Segment, ordinal: number): TaskId {
  return taskIdOf(taskIdPrefix(segment.createdAt), ordinal);
}

/** Finds the segment that holds an ordinal in a list sorted by `first`; undefined if none does. */
export function findSegment(segments: readonly Segment[], ordinal: number): Segment | undefined {
  let low = 0;
  let high = segments.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const segment = segments[middle];
    if (segment === undefined) return undefined;
    if (ordinal < segment.first) high = middle - 1;
    else if (ordinal >= segment.first + segment.count) low = middle + 1;
    else return segment;
  }
  return undefined;
}
