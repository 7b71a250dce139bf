import { fail, type ProblemCode, type Result } from "@sluice/protocol";
import type { Refusal } from "../../durable-objects/client/rpc.ts";

/** What a step of the front yields: a value to go on with, or why the request ends here. */
export type Outcome<Value> = Result<Value, Refusal>;

/** Ends a request with a code of ours and a detail of ours: nothing of the request may be in it. */
export function refuse(
  code: ProblemCode,
  detail: string,
  retryAfterSeconds?: number,
): Result<never, Refusal> {
  return fail({ code, detail, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) });
}
