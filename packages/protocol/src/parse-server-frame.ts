import type { FieldReader } from "./field-reader.ts";
import { type FrameFault, parseFrame } from "./frame-fault.ts";
import type { BatchFrame, DeliveredTask, ServerFrame, WelcomeFrame } from "./frames.ts";
import { type ClientId, MAX_ID_CHARACTERS, type TaskId } from "./ids.ts";
import { LIMITS } from "./limits.ts";
import type { Result } from "./result.ts";
import { KIND } from "./task-kind.ts";

/** Longest reason in a `bye`; a WebSocket close frame holds 123 bytes. */
const REASON_CHARACTERS = 256;
/** Longest wait or interval that a server may ask for, in milliseconds: one day. */
const MAX_WAIT_MS = 24 * 3600 * 1000;

/**
 * Parses what the server sent as a text message, on the client's side. Never throws. Unknown fields are
 * ignored; an unknown `type` or a field that does not fit is a fault.
 */
export function parseServerFrame(text: string): Result<ServerFrame, FrameFault> {
  return parseFrame(text, LIMITS.batchFrameBytes, readServerFrame);
}

function readServerFrame(fields: FieldReader): ServerFrame {
  const type = fields.oneOf("type", ["welcome", "batch", "reported", "cancel", "bye"]);
  switch (type) {
    case "welcome":
      return readWelcome(fields);
    case "batch":
      return readBatch(fields);
    case "reported":
      return { type, seq: fields.integer("seq", 0) };
    case "cancel":
      return { type, ids: readIds(fields) };
    case "bye":
      return {
        type,
        code: fields.integer("code", 1000, 4999),
        reason: fields.prose("reason", REASON_CHARACTERS),
        retryAfterMs: fields.integer("retryAfterMs", 0, MAX_WAIT_MS),
      };
  }
}

function readWelcome(fields: FieldReader): WelcomeFrame {
  return {
    type: "welcome",
    epoch: fields.integer("epoch", 0),
    clientId: fields.id<ClientId>("clientId"),
    heartbeatMs: fields.integer("heartbeatMs", 1, MAX_WAIT_MS),
    serverTime: fields.instant("serverTime"),
  };
}

function readBatch(fields: FieldReader): BatchFrame {
  return {
    type: "batch",
    epoch: fields.integer("epoch", 0),
    seq: fields.integer("seq", 0),
    tasks: fields.each("tasks", LIMITS.batchTasks, readTask),
  };
}

function readTask(fields: FieldReader): DeliveredTask {
  return {
    id: fields.id<TaskId>("id"),
    attempt: fields.integer("attempt", 1),
    kind: fields.name("kind", LIMITS.kindCharacters, KIND),
    args: fields.object("args"),
    priority: fields.integer("priority", 0, 9),
    timeoutMs: fields.integer("timeoutMs", 1, LIMITS.timeoutSeconds * 1000),
    deadline: fields.instant("deadline"),
    ...(fields.has("delivery") && { delivery: fields.oneOf("delivery", ["at_most_once"]) }),
  };
}

function readIds(fields: FieldReader): TaskId[] {
  const ids = fields.list("ids", LIMITS.runningEntries);
  const fits = ids.every(
    (id) => typeof id === "string" && id.length <= MAX_ID_CHARACTERS && /^[\w-]+$/.test(id),
  );
  if (!fits) fields.refuse("ids", "must be task ids");
  return fits ? (ids as TaskId[]) : [];
}
