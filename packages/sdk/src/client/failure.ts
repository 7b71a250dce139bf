import { LIMITS, type TaskError } from "@sluice/protocol";
import type { Outcome } from "../journal/record.ts";
import { RowError } from "./row-part.ts";
import { TaskFailure } from "./task-context.ts";

/** Codes of failures that the runtime itself reports. */
export const FAILURE_CODES = {
  unknownKind: "unknown_kind",
  deadlineExceeded: "deadline_exceeded",
  timeout: "timeout",
  handlerError: "handler_error",
  poisoned: "poisoned",
} as const;

/** What a code may look like on the wire; a handler's own that does not is replaced. */
const CODE = new RegExp(`^[\\w.:/-]{1,${LIMITS.errorCodeCharacters}}$`);

/** A task failed for a reason of the runtime's. */
export function failed(code: keyof typeof FAILURE_CODES, message: string): Outcome {
  return { event: "failed", error: { code: FAILURE_CODES[code], message } };
}

/** What is reported of a value that a handler threw: its code if it has one, and a bounded message. */
export function thrown(cause: unknown): Outcome {
  return { event: "failed", error: errorOf(cause) };
}

function errorOf(cause: unknown): TaskError {
  const own = cause instanceof TaskFailure || cause instanceof RowError ? cause.code : "";
  const message = cause instanceof Error ? cause.message : textOf(cause);
  return {
    code: CODE.test(own) ? own : FAILURE_CODES.handlerError,
    message: message.slice(0, LIMITS.errorMessageCharacters).toWellFormed(),
  };
}

function textOf(cause: unknown): string {
  return typeof cause === "string" ? cause : "the handler threw something that is not an error";
}
