import type { RequestContext } from "./request-context.ts";

const MAX_FRAMES = 6;

/** What a log line may say of a failure besides its cause. Values are ours, never the request's. */
export interface FailureSite {
  readonly event: string;
  readonly method?: string;
  /** The pattern of the path, not the path. */
  readonly route?: string;
  readonly retrying?: boolean;
}

/**
 * Logs what ended a request with a 5xx, as one line of JSON. An exception's message may quote what it
 * choked on, so only its class and where it was thrown are kept.
 */
export function logFailure(context: RequestContext, site: FailureSite, cause: unknown): void {
  const { requestId } = context;
  context.log(JSON.stringify({ level: "error", ...site, requestId, ...describe(cause) }));
}

function describe(cause: unknown): { error: string; flags: string[]; at: string[] } {
  if (!(cause instanceof Error)) return { error: typeof cause, flags: [], at: [] };
  const lines = cause.stack?.split("\n") ?? [];
  return {
    error: cause.name.slice(0, 64),
    flags: ["overloaded", "retryable", "durableObjectReset"].filter(
      (flag) => Reflect.get(cause, flag) === true,
    ),
    at: lines
      .filter((line) => line.startsWith("    at "))
      .slice(0, MAX_FRAMES)
      .map((l) => l.trim()),
  };
}
