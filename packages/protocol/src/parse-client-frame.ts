import type { FieldReader } from "./field-reader.ts";
import { type FrameFault, parseFrame } from "./frame-fault.ts";
import type {
  AckFrame,
  Capacity,
  ClientFacts,
  ClientFrame,
  Delivery,
  HelloFrame,
  ReportFrame,
  ReportItem,
  TaskError,
} from "./frames.ts";
import type { TaskId } from "./ids.ts";
import type { JsonValue } from "./json.ts";
import { LIMITS } from "./limits.ts";
import type { Result } from "./result.ts";

/** More slots than this are taken as this many: no client runs more at a time. */
const MAX_SLOTS = 100_000;

/**
 * Parses what a client sent as a text message. Never throws. Unknown fields are ignored; an unknown
 * `type` or a field that does not fit is a fault with close code 4400, too many bytes one with 4413.
 * Over-long `note` and `error.message` are cut, so that a handler's words cannot wedge its client.
 */
export function parseClientFrame(text: string): Result<ClientFrame, FrameFault> {
  return parseFrame(text, LIMITS.clientFrameBytes, readClientFrame);
}

/** Reads the fields of any client frame; the caller looks whether a fault was noted. */
export function readClientFrame(fields: FieldReader): ClientFrame {
  const type = fields.oneOf("type", ["hello", "ack", "report"]);
  switch (type) {
    case "hello":
      return readHello(fields);
    case "ack":
      return readAck(fields);
    case "report":
      return readReport(fields);
  }
}

function readHello(fields: FieldReader): HelloFrame {
  return {
    type: "hello",
    agent: fields.name("agent", LIMITS.agentCharacters),
    ...readCapacity(fields),
    ...(fields.has("resume") && { resume: readResume(fields.nested("resume")) }),
    ...(fields.has("running") && {
      running: fields.each("running", LIMITS.runningEntries, readDelivery),
    }),
    ...(fields.has("facts") && { facts: readFacts(fields.nested("facts")) }),
  };
}

function readAck(fields: FieldReader): AckFrame {
  return { type: "ack", ...readResume(fields), ...readCapacity(fields) };
}

function readReport(fields: FieldReader): ReportFrame {
  return {
    type: "report",
    ...readResume(fields),
    items: fields.each("items", LIMITS.reportItems, readItem),
    ...readCapacity(fields),
  };
}

function readResume(fields: FieldReader): { epoch: number; seq: number } {
  return { epoch: fields.integer("epoch", 0), seq: fields.integer("seq", 0) };
}

/** The field `capacity`, or nothing where the client says nothing of it. */
function readCapacity(fields: FieldReader): { capacity?: Capacity } {
  if (!fields.has("capacity")) return {};
  const capacity = fields.nested("capacity");
  return {
    capacity: {
      burst: capacity.amount("burst", LIMITS.unlimitedRate, "cut"),
      perSecond: capacity.amount("perSecond", LIMITS.unlimitedRate, "cut"),
      tokens: capacity.amount("tokens", LIMITS.unlimitedRate, "cut"),
      slots: Math.min(capacity.integer("slots", 0), MAX_SLOTS),
    },
  };
}

/**
 * Reads what a machine says of itself; the fields may be absent, and unknown ones are dropped. Shared by
 * the hello frame and the enrolment call.
 */
export function readFacts(fields: FieldReader): ClientFacts {
  const fact = (name: "os" | "arch" | "hostname") =>
    fields.has(name) && { [name]: fields.name(name, LIMITS.factCharacters) };
  return { ...fact("os"), ...fact("arch"), ...fact("hostname") };
}

function readDelivery(fields: FieldReader): Delivery {
  return { id: fields.id<TaskId>("id"), attempt: fields.integer("attempt", 1) };
}

function readItem(fields: FieldReader): ReportItem {
  const delivery = readDelivery(fields);
  const event = fields.oneOf("event", [
    "started",
    "progress",
    "rows",
    "succeeded",
    "failed",
    "cancelled",
  ]);
  switch (event) {
    case "started":
    case "succeeded":
    case "cancelled":
      return { ...delivery, event };
    case "progress":
      return { ...delivery, event, ...readProgress(fields) };
    case "rows":
      return { ...delivery, event, part: fields.integer("part", 0), rows: readRows(fields) };
    case "failed":
      return { ...delivery, event, error: readError(fields.nested("error")) };
  }
}

function readProgress(fields: FieldReader): { done: number; note?: string } {
  return {
    done: fields.amount("done", 1, "refuse"),
    ...(fields.has("note") && { note: fields.prose("note", LIMITS.noteCharacters) }),
  };
}

/** Rows may hold anything that JSON can, so their elements need no check beyond depth and size. */
function readRows(fields: FieldReader): readonly JsonValue[] {
  return fields.list("rows", LIMITS.clientFrameBytes) as readonly JsonValue[];
}

function readError(fields: FieldReader): TaskError {
  return {
    code: fields.name("code", LIMITS.errorCodeCharacters),
    message: fields.prose("message", LIMITS.errorMessageCharacters),
  };
}
