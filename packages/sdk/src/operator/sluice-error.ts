import type { ProblemCode, ScheduledTask } from "@sluice/protocol";

/** Codes of failures that never reached the service, or that did not come from it. */
export type LocalCode = "network" | "timeout" | "unexpected_answer";

/** A call that did not succeed. Holds nothing of the key or the body of the call. */
export class SluiceError extends Error {
  override readonly name = "SluiceError";
  /** Stable code of the problem, as the service's documentation lists them. */
  readonly code: ProblemCode | LocalCode | (string & {});
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** What to name to the people who run the service; null when there was no answer. */
  readonly requestId: string | null;
  /** What the service asked to wait, ms; 0 when it asked for nothing. */
  readonly retryAfterMs: number;

  constructor(
    code: SluiceError["code"],
    message: string,
    answer: {
      status?: number;
      requestId?: string | null;
      retryAfterMs?: number;
      cause?: unknown;
    } = {},
  ) {
    super(message, { cause: answer.cause });
    this.code = code;
    this.status = answer.status ?? 0;
    this.requestId = answer.requestId ?? null;
    this.retryAfterMs = answer.retryAfterMs ?? 0;
  }
}

/** A schedule call of several parts failed after some of them were taken. */
export class PartialScheduleError extends Error {
  override readonly name = "PartialScheduleError";
  /** Answers for the tasks that were taken: the first ones of the call, in its order. */
  readonly scheduled: readonly ScheduledTask[];

  constructor(scheduled: readonly ScheduledTask[], cause: unknown) {
    super(`only the first ${scheduled.length} tasks were scheduled`, { cause });
    this.scheduled = scheduled;
  }
}
