import { LIMITS, type WaitingFor } from "@sluice/protocol";
import type { Arrivals } from "./arrivals.ts";
import { batchFrame, TASK_ENVELOPE_BYTES, TaskWriter } from "./batch-text.ts";
import { URGENT } from "./book.ts";
import { spend } from "./capacity.ts";
import type { Desk } from "./desk.ts";
import { decideFlush, type FlushDecision, LINGER_MS } from "./flush-policy.ts";
import { expiryOf, optionsOf } from "./segment.ts";
import { end, lease } from "./transitions.ts";

/**
 * Sends what may leave now; the one place where batches leave. Every enqueue, ack, report, connect and
 * alarm calls it. Returns when it wants to be called again, ms, or null.
 */
export function pump(desk: Desk, arrivals: Arrivals | null, now: number): number | null {
  for (;;) {
    const decision = decide(desk, arrivals, now);
    if (decision.kind === "wait") return decision.wakeAt;
    if (!sendBatch(desk, decision, now)) return null;
  }
}

/** What keeps the next ordinary task from leaving. */
export function waitingFor(desk: Desk, arrivals: Arrivals | null, now: number): WaitingFor {
  if (desk.paused) return "paused";
  if (desk.connection === null) return "offline";
  const decision = decide(desk, arrivals, now);
  return decision.kind === "wait" ? decision.waitingFor : "linger";
}

function decide(desk: Desk, arrivals: Arrivals | null, now: number): FlushDecision {
  const { connection, book } = desk;
  if (desk.paused) return { kind: "wait", wakeAt: null, waitingFor: "paused" };
  if (connection === null) return { kind: "wait", wakeAt: null, waitingFor: "offline" };
  return decideFlush(
    {
      queued: book.count("queued"),
      urgent: book.urgent,
      arrivals,
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
  const tasks = takeTasks(desk, allowance, connection.epoch, seq, now);
  if (tasks.length === 0) return false;
  desk.connection = {
    ...connection,
    seq,
    lastFlushAt: now,
    capacity: spend(connection.capacity, tasks.length, now),
  };
  desk.sendText(batchFrame(connection.epoch, seq, tasks));
  return true;
}

/** Leases tasks from the head of the queue until the frame is full; returns their texts. */
function takeTasks(
  desk: Desk,
  allowance: { readonly tasks: number; readonly ordinary: number },
  epoch: number,
  seq: number,
  now: number,
): readonly string[] {
  const texts: string[] = [];
  const writer = new TaskWriter();
  let ordinaryLeft = allowance.ordinary;
  let bytesLeft: number = LIMITS.batchFrameBytes;
  while (texts.length < allowance.tasks) {
    const atLeast = ordinaryLeft > 0 ? 0 : URGENT;
    const ordinal = desk.book.queue.peek(atLeast);
    if (ordinal === undefined) break;
    const segment = desk.book.segmentOf(ordinal);
    if (segment === undefined || !isSendable(desk, ordinal, now)) {
      desk.book.queue.shift(atLeast);
      continue;
    }
    const line = desk.lines.line(segment, ordinal);
    bytesLeft -= byteLength(line) + TASK_ENVELOPE_BYTES;
    if (bytesLeft < 0 && texts.length > 0) break;
    desk.book.queue.shift(atLeast);
    const record = desk.change(segment, ordinal, (before) => lease(before, epoch, seq, now));
    if (record === null) continue;
    texts.push(writer.write(segment, ordinal, record.attempt, line));
    if (optionsOf(segment, ordinal).priority < URGENT) ordinaryLeft -= 1;
  }
  return texts;
}

/** Whether the task is still queued; one that is past its time ends here. */
function isSendable(desk: Desk, ordinal: number, now: number): boolean {
  const segment = desk.book.segmentOf(ordinal);
  if (segment === undefined || desk.book.state(ordinal) !== "queued") return false;
  if (now < expiryOf(segment, optionsOf(segment, ordinal))) return true;
  const record = desk.change(segment, ordinal, (before) => end(before, "expired", now));
  if (record !== null) desk.noteEnd(ordinal, record, "not sent before its deadline");
  return false;
}

const ASCII = /^[\x20-\x7e]*$/;

function byteLength(text: string): number {
  return ASCII.test(text) ? text.length : new TextEncoder().encode(text).length;
}
