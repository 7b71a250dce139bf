import { TASK_STATES, type TaskState } from "@sluice/protocol";

/**
 * Where one task stands in its delivery. Times are ms since 1970, null when it has not happened.
 * `attempt` counts deliveries, 0 before the first.
 */
export interface TaskRecord {
  readonly state: TaskState;
  readonly attempt: number;
  /** The attempt that last reported `started`; rows of earlier attempts are void. */
  readonly runAttempt: number;
  /** How often the client lost it while it ran. */
  readonly crashes: number;
  readonly cancelRequested: boolean;
  /** The client came back without it; a report may still arrive within the grace time. */
  readonly missing: boolean;
  /** Connection and batch of the last delivery. */
  readonly epoch: number;
  readonly seq: number;
  readonly sentAt: number | null;
  readonly acceptedAt: number | null;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
}

/** A task that was never sent. */
export const NEW_RECORD: TaskRecord = {
  state: "queued",
  attempt: 0,
  runAttempt: 0,
  crashes: 0,
  cancelRequested: false,
  missing: false,
  epoch: 0,
  seq: 0,
  sentAt: null,
  acceptedAt: null,
  startedAt: null,
  endedAt: null,
};

/** Tasks of one stored page: a thousand tasks cost a row or two per frame, not a thousand rows. */
export const PAGE_TASKS = 1024;

/*
 * Layout of a record, little endian: bytes 0–4 state, attempt, runAttempt, crashes, flags; 5–7 spare;
 * u32 at 8 epoch, 12 seq, 16 sentAt, 20 acceptedAt, 24 startedAt, 28 endedAt. A time is stored as
 * ms since the task was created, plus one; zero is null. All zero is NEW_RECORD.
 */
const RECORD_BYTES = 32;
export const PAGE_BYTES = PAGE_TASKS * RECORD_BYTES;
const CANCEL_REQUESTED = 1;
const MISSING = 2;
const MAX_U32 = 2 ** 32 - 1;
const MAX_U8 = 255;
const STATE_CODES: ReadonlyMap<TaskState, number> = new Map(
  TASK_STATES.map((state, code) => [state, code]),
);

/** Reads the record in `slot` of a page; `createdAt` is the task's, in ms. */
export function readRecord(page: DataView, slot: number, createdAt: number): TaskRecord {
  const at = slot * RECORD_BYTES;
  const flags = page.getUint8(at + 4);
  return {
    state: TASK_STATES[page.getUint8(at)] ?? "unknown",
    attempt: page.getUint8(at + 1),
    runAttempt: page.getUint8(at + 2),
    crashes: page.getUint8(at + 3),
    cancelRequested: (flags & CANCEL_REQUESTED) !== 0,
    missing: (flags & MISSING) !== 0,
    epoch: page.getUint32(at + 8, true),
    seq: page.getUint32(at + 12, true),
    sentAt: readTime(page, at + 16, createdAt),
    acceptedAt: readTime(page, at + 20, createdAt),
    startedAt: readTime(page, at + 24, createdAt),
    endedAt: readTime(page, at + 28, createdAt),
  };
}

/** Writes a record into `slot`; the inverse of {@link readRecord}. */
export function writeRecord(
  page: DataView,
  slot: number,
  createdAt: number,
  record: TaskRecord,
): void {
  const at = slot * RECORD_BYTES;
  page.setUint8(at, STATE_CODES.get(record.state) ?? 0);
  page.setUint8(at + 1, Math.min(record.attempt, MAX_U8));
  page.setUint8(at + 2, Math.min(record.runAttempt, MAX_U8));
  page.setUint8(at + 3, Math.min(record.crashes, MAX_U8));
  page.setUint8(
    at + 4,
    (record.cancelRequested ? CANCEL_REQUESTED : 0) | (record.missing ? MISSING : 0),
  );
  page.setUint32(at + 8, record.epoch, true);
  page.setUint32(at + 12, record.seq, true);
  page.setUint32(at + 16, timeOffset(record.sentAt, createdAt), true);
  page.setUint32(at + 20, timeOffset(record.acceptedAt, createdAt), true);
  page.setUint32(at + 24, timeOffset(record.startedAt, createdAt), true);
  page.setUint32(at + 28, timeOffset(record.endedAt, createdAt), true);
}

/** The state alone, for scans. */
export function readState(page: DataView, slot: number): TaskState {
  return TASK_STATES[page.getUint8(slot * RECORD_BYTES)] ?? "unknown";
}

function readTime(page: DataView, at: number, createdAt: number): number | null {
  const offset = page.getUint32(at, true);
  return offset === 0 ? null : createdAt + offset - 1;
}

/** Saturates at 49 days, far beyond the longest life of a task. */
function timeOffset(time: number | null, createdAt: number): number {
  return time === null ? 0 : Math.min(Math.max(time - createdAt, 0) + 1, MAX_U32);
}
