import type { Desk } from "./desk.ts";
import { PAGE_TASKS, readRecord } from "./record.ts";
import type { Segment } from "./segment.ts";
import type { Storage } from "./storage.ts";

/** Finished tasks and their results are kept this long after their end. */
export const RETENTION_MS = 7 * 24 * 3_600_000;
/** Where the oldest tasks could not be erased when they were due, the next try. */
const RETRY_MS = 24 * 3_600_000;
/** Segments erased at a time. */
const SEGMENTS_AT_A_TIME = 1_000;
/** When more are left than are erased at a time, the next lot. */
const NEXT_LOT_MS = 1_000;

/** When there may be something to erase, ms; null when there will not be before the next enqueue. */
export function eraseDueAt(storage: Storage): number | null {
  const oldest = storage.segments.toErase().next();
  return oldest.done ? null : oldest.value.createdAt + RETENTION_MS;
}

/**
 * Erases segments of which every task ended long enough ago, oldest first. One that has not keeps those
 * after it. Returns when to try again, ms, or null.
 */
export function eraseOld(desk: Desk, now: number): number | null {
  const { storage, book } = desk;
  const unfinished = book.segments[0]?.first ?? book.next;
  let floor = 0;
  let erased = 0;
  for (const segment of storage.segments.toErase()) {
    const over = segment.first + segment.count <= unfinished && isOver(storage, segment, now);
    if (!over || erased === SEGMENTS_AT_A_TIME) break;
    floor = segment.first + segment.count;
    erased += 1;
  }
  if (erased > 0) {
    storage.eraseBelow(floor);
    desk.keys.forget();
  }
  const due = eraseDueAt(storage);
  if (due === null) return null;
  return Math.max(due, now + (erased === SEGMENTS_AT_A_TIME ? NEXT_LOT_MS : RETRY_MS));
}

function isOver(storage: Storage, segment: Segment, now: number): boolean {
  const before = now - RETENTION_MS;
  const end = segment.first + segment.count;
  if (segment.createdAt > before) return false;
  for (let page = Math.floor(segment.first / PAGE_TASKS); page * PAGE_TASKS < end; page += 1) {
    const view = storage.pages.at(page)?.view;
    if (view === undefined) return false;
    const from = Math.max(segment.first, page * PAGE_TASKS);
    const to = Math.min(end, (page + 1) * PAGE_TASKS);
    for (let ordinal = from; ordinal < to; ordinal += 1) {
      const { endedAt } = readRecord(view, ordinal % PAGE_TASKS, segment.createdAt);
      if (endedAt === null || endedAt > before) return false;
    }
  }
  return true;
}
