import { FieldReader, type FirstFault, LIMITS, ok, parseJson } from "@sluice/protocol";
import { type Outcome, refuse } from "./refusal.ts";

/** The body's own brackets around what may nest as deep as a task's `args`. */
const ENVELOPE_DEPTH = 3;

/**
 * Reads a JSON body field by field. Never throws; the refusal names the first field that did not fit. An
 * empty body, which only some routes take, reads as an empty object.
 */
export function parseBody<Value>(
  text: string,
  read: (fields: FieldReader) => Value,
): Outcome<Value> {
  const parsed = parseJson(text === "" ? "{}" : text, LIMITS.jsonDepth + ENVELOPE_DEPTH);
  if (!parsed.ok) return refuse("invalid_json", "the body must be JSON, not nested too deeply");
  const faults: FirstFault = { detail: null };
  const value = read(new FieldReader(parsed.value, "", faults));
  return faults.detail === null ? ok(value) : refuse("bad_request", faults.detail);
}
