import { SluiceError } from "@sluice/sdk/operator";
import { CommandFailure, EXIT_CODES, type ExitCode, exitCodeOfStatus } from "./exit-codes.ts";

/** What to tell of a failure, and how the process should end. */
export interface FailureExplanation {
  readonly exitCode: ExitCode;
  /** Not yet made safe to print: the service may have written it. */
  readonly message: string;
}

/** Explains whatever a command threw. */
export function explainFailure(error: unknown): FailureExplanation {
  if (error instanceof CommandFailure) return error;
  if (error instanceof SluiceError) return explainRefusal(error);
  const message = error instanceof Error ? error.message : "failed for an unknown reason";
  return { exitCode: EXIT_CODES.failed, message };
}

function explainRefusal({ code, message, status, requestId }: SluiceError): FailureExplanation {
  const request = requestId === null ? "" : `, request ${requestId}`;
  return {
    // Without a status there was no answer; with one below 400 the answer was not the service's.
    exitCode: status < 400 ? EXIT_CODES.unavailable : exitCodeOfStatus(status),
    message: `${message} (${code}${request})`,
  };
}
