import { LIMITS, type WaitingFor } from "@sluice/protocol";
import { FrameText, TASK_ENVELOPE_BYTES } from "./batch-text.ts";
import { spend } from "./capacity.ts";
import type { Desk } from "./desk.ts";
import { decideFlush, type FlushDecision, LINGER_MS } from "./flush-policy.ts";
import type { TaskRecord } from "./record.ts";
import type { TaskOptions } from "./rpc.ts";
import { expiryOf, optionsOf, type Segment, URGENT } from "./segment.ts";
import { end, lease } from "./transitions.ts";

/**
 * Sends what may leave now; the one place where batches leave. Every enqueue, ack, report, connect and
 * alarm calls it. Returns when it wants to be called again, ms, or null.
 */
export function pump(desk: Desk, now: number): number | null {
  for (;;) {
    const decision = decide(desk, now);
    if (decision.kind === "wait") return decision.wakeAt;
    if (!sendBatch(desk, decision, now)) return null;
  }
}

/** What keeps the next ordinary task from leaving. */
export function waitingFor(desk: Desk, now: number): WaitingFor {
  if (desk.paused) return "paused";
  if (desk.connection === null) return "offline";
  const decision = decide(desk, now);
  return decision.kind === "wait" ? decision.waitingFor : "linger";
}

function decide(desk: Desk, now: number): FlushDecision {
  const { connection, book } = desk;
  if (desk.paused) return { kind: "wait", wakeAt: null, waitingFor: "paused" };
  if (connection === null) return { kind: "wait", wakeAt: null, waitingFor: "offline" };
  return decideFlush(
    {
      queued: book.tally.count("queued"),
      urgent: book.tally.urgent,
      arrivals: desk.arrivals,
      lastFlushAt: connection.lastFlushAt,
      capacity: connection.capacity,
      lingerMs: LINGER_MS,
      maxBatchTasks: LIMITS.batchTasks,
    },
    now,
  );
}

/** Sends one frame; false when the queue held nothing that could go into it. */
function sendBatch(
  desk: Desk,
  allowance: { readonly tasks: number; readonly ordinary: number },
  now: number,
): boolean {
  const { connection } = desk;
  if (connection === null) return false;
  const seq = connection.seq + 1;
  const frame = takeTasks(desk, allowance, connection.epoch, seq, now);
  if (frame.tasks === 0) return false;
  desk.connection = {
    ...connection,
    seq,
    lastFlushAt: now,
    capacity: spend(connection.capacity, frame.tasks, now),
  };
  desk.sendText(frame.text());
  return true;
}

/** Leases tasks from the head of the queue until the frame is full; returns their texts. */
function takeTasks(
  desk: Desk,
  allowance: { readonly tasks: number; readonly ordinary: number },
  epoch: number,
  seq: number,
  now: number,
): FrameText {
  const { book, lines } = desk;
  const frame = new FrameText(epoch, seq);
  let ordinaryLeft = allowance.ordinary;
  let bytesLeft: number = LIMITS.batchFrameBytes;
  while (frame.tasks < allowance.tasks) {
    const atLeast = ordinaryLeft > 0 ? 0 : URGENT;
    const ordinal = book.queue.peek(atLeast);
    if (ordinal === undefined) break;
    const task = queuedTask(desk, ordinal, now);
    if (task === null) {
      book.queue.shift(atLeast);
      continue;
    }
    const { segment, record, options } = task;
    const line = lines.line(segment, ordinal);
    bytesLeft -= byteLength(line) + TASK_ENVELOPE_BYTES;
    if (bytesLeft < 0 && frame.tasks > 0) break;
    book.queue.shift(atLeast);
    const leased = lease(record, epoch, seq, now);
    book.replace(segment, ordinal, record, leased);
    frame.add(segment, ordinal, leased.attempt, options, line);
    if (options.priority < URGENT) ordinaryLeft -= 1;
  }
  return frame;
}

/** A task that is still queued, or null; one that is past its time ends here. */
function queuedTask(
  desk: Desk,
  ordinal: number,
  now: number,
): { segment: Segment; record: TaskRecord; options: TaskOptions } | null {
  const segment = desk.book.segmentOf(ordinal);
  if (segment === undefined) return null;
  const record = desk.book.pages.record(segment, ordinal);
  if (record.state !== "queued") return null;
  const options = optionsOf(segment, ordinal);
  if (now < expiryOf(segment, options)) return { segment, record, options };
  const expired = end(record, "expired", now);
  desk.book.replace(segment, ordinal, record, expired);
  desk.noteEnd(ordinal, expired, "not sent before its deadline");
  return null;
}

const ASCII = /^[\x20-\x7e]*$/;

function byteLength(text: string): number {
  return ASCII.test(text) ? text.length : new TextEncoder().encode(text).length;
}
