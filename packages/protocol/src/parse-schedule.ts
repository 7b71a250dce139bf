import { FieldReader, type FirstFault, isJsonObject } from "./field-reader.ts";
import type { JsonObject } from "./json.ts";
import { exceedsBytes, parseJson } from "./json-text.ts";
import { LIMITS, TASK_DEFAULTS } from "./limits.ts";
import { fail, ok, type Result } from "./result.ts";
import { KIND } from "./task-kind.ts";
import type { DeliveryMode } from "./tasks.ts";

/** A task of a schedule call, checked and with every default in place. */
export interface NormalisedTask {
  readonly kind: string;
  /** `args` as JSON text: the form in which it is measured, stored and sent. */
  readonly argsJson: string;
  readonly priority: number;
  readonly ttlSeconds: number;
  readonly timeoutSeconds: number;
  readonly maxAttempts: number;
  readonly delivery: DeliveryMode;
  readonly idempotencyKey: string | null;
  readonly fairnessKey: string | null;
}

/** What was wrong with a call and where, in words that hold nothing of the call itself. */
export interface TaskFault {
  readonly detail: string;
}

/** `application/json` with `{"tasks":[…]}`, or one task a line. */
export type ScheduleFormat = "json" | "ndjson";

/** Bytes of a stored task besides its kind and args: `"kind":"","args":`. */
const LINE_OVERHEAD_BYTES = 17;
/** Brackets around `args` in a JSON body, `{tasks:[{`, and in a line of NDJSON, `{`. */
const ENVELOPE_DEPTH = { json: 3, ndjson: 1 } as const;
/** A cyclic or shared structure, which another Worker can pass, shows as more nodes than bytes allowed. */
const MAX_NODES = LIMITS.taskBytes;

/**
 * Checks one task given as a value, as another Worker passes it. Never throws; `args` is read once, by
 * turning it into JSON.
 */
export function parseTaskSpec(value: unknown): Result<NormalisedTask, TaskFault> {
  if (isJsonObject(value) && value.args !== undefined && !fitsJson(value.args)) {
    return fail({ detail: `args must be JSON that nests at most ${LIMITS.jsonDepth} deep` });
  }
  const faults: FirstFault = { detail: null };
  const task = readTask(new FieldReader(value, "", faults));
  return faults.detail === null ? ok(task) : fail({ detail: faults.detail });
}

/**
 * Parses the body of a schedule call. Never throws. The detail names the first thing that was wrong, such
 * as `tasks[17].kind must be …`; NDJSON lines count as tasks from 0, and empty lines are skipped.
 */
export function parseScheduleBody(
  text: string,
  format: ScheduleFormat,
): Result<NormalisedTask[], TaskFault> {
  if (exceedsBytes(text, LIMITS.callBytes)) {
    return fail({ detail: `a call may have ${LIMITS.callBytes} bytes` });
  }
  const entries = format === "json" ? parseJsonEntries(text) : parseLines(text);
  return entries.ok ? readTasks(entries.value) : entries;
}

function parseJsonEntries(text: string): Result<readonly unknown[], TaskFault> {
  const parsed = parseJson(text, LIMITS.jsonDepth + ENVELOPE_DEPTH.json);
  if (!parsed.ok) {
    return fail({
      detail: parsed.error === "too_deep" ? "the body nests too deeply" : "the body is not JSON",
    });
  }
  const body = parsed.value;
  if (!isJsonObject(body) || !Array.isArray(body.tasks)) {
    return fail({ detail: "the body must be an object with a list of tasks" });
  }
  return ok(body.tasks);
}

function parseLines(text: string): Result<readonly unknown[], TaskFault> {
  const entries: unknown[] = [];
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    const line = text.slice(start, end).trim();
    start = end + 1;
    if (line === "") continue;
    if (entries.length === LIMITS.callTasks) return fail({ detail: countDetail() });
    const parsed = parseJson(line, LIMITS.jsonDepth + ENVELOPE_DEPTH.ndjson);
    if (!parsed.ok) {
      const what = parsed.error === "too_deep" ? "nests too deeply" : "is not JSON";
      return fail({ detail: `tasks[${entries.length}] ${what}` });
    }
    entries.push(parsed.value);
  }
  return ok(entries);
}

function readTasks(entries: readonly unknown[]): Result<NormalisedTask[], TaskFault> {
  if (entries.length === 0 || entries.length > LIMITS.callTasks) {
    return fail({ detail: countDetail() });
  }
  const faults: FirstFault = { detail: null };
  const tasks: NormalisedTask[] = [];
  for (const [index, entry] of entries.entries()) {
    tasks.push(readTask(new FieldReader(entry, "tasks", faults, index)));
    if (faults.detail !== null) return fail({ detail: faults.detail });
  }
  return ok(tasks);
}

function countDetail(): string {
  return `tasks must hold 1 to ${LIMITS.callTasks} entries`;
}

function readTask(fields: FieldReader): NormalisedTask {
  const kind = fields.name("kind", LIMITS.kindCharacters, KIND);
  const args: JsonObject = fields.has("args") ? fields.object("args") : {};
  const argsJson = JSON.stringify(args);
  if (exceedsBytes(argsJson, LIMITS.taskBytes - LINE_OVERHEAD_BYTES - kind.length)) {
    fields.refuse("args", `must leave the task within ${LIMITS.taskBytes} bytes`);
  }
  return {
    kind,
    argsJson,
    priority: fields.integerOr(TASK_DEFAULTS.priority, "priority", 0, 9),
    ttlSeconds: fields.integerOr(TASK_DEFAULTS.ttlSeconds, "ttlSeconds", 1, LIMITS.ttlSeconds),
    timeoutSeconds: fields.integerOr(
      TASK_DEFAULTS.timeoutSeconds,
      "timeoutSeconds",
      1,
      LIMITS.timeoutSeconds,
    ),
    maxAttempts: fields.integerOr(TASK_DEFAULTS.maxAttempts, "maxAttempts", 1, LIMITS.maxAttempts),
    delivery: fields.has("delivery")
      ? fields.oneOf("delivery", ["at_least_once", "at_most_once"])
      : "at_least_once",
    idempotencyKey: fields.nameOrNull("idempotencyKey", LIMITS.idempotencyKeyCharacters),
    fairnessKey: fields.nameOrNull("fairnessKey", LIMITS.fairnessKeyCharacters),
  };
}

/**
 * Whether a value that did not come from JSON text can become JSON: plain data, not too deep, not cyclic.
 * Walks with a stack of its own, and counts nodes before it visits them.
 */
function fitsJson(value: unknown): boolean {
  const pending = [{ node: value, depth: 0 }];
  let nodes = 1;
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { node, depth } = next;
    if (!isPlain(node)) return false;
    if (typeof node !== "object" || node === null) continue;
    if (depth === LIMITS.jsonDepth) return false;
    const children = Array.isArray(node) ? node : Object.values(node);
    nodes += children.length;
    if (nodes > MAX_NODES) return false;
    for (const child of children) pending.push({ node: child, depth: depth + 1 });
  }
  return true;
}

/**
 * Scalars of JSON, lists and plain objects; no functions, dates, maps or class instances. An absent value
 * is dropped, as JSON does.
 */
function isPlain(node: unknown): boolean {
  switch (typeof node) {
    case "string":
    case "boolean":
    case "undefined":
      return true;
    case "number":
      return Number.isFinite(node);
    case "object": {
      if (node === null || Array.isArray(node)) return true;
      const prototype: unknown = Object.getPrototypeOf(node);
      return (prototype === Object.prototype || prototype === null) && !("toJSON" in node);
    }
    default:
      return false;
  }
}
