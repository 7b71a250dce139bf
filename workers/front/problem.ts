import { PROBLEMS, type Problem, type ProblemCode } from "@sluice/protocol";
import type { Refusal } from "../../durable-objects/client/rpc.ts";
import { SECURITY_HEADERS } from "./security-headers.ts";

/** When to come back where a refusal names no time of its own. */
const RETRY_AFTER_SECONDS: { readonly [status: number]: number } = { 429: 10, 503: 5 };

/** An `application/problem+json` answer (RFC 9457). `extra` headers are those of one status, as `Allow`. */
export function problem(
  refusal: Refusal,
  requestId: string,
  extra: { readonly [name: string]: string } = {},
): Response {
  const status = PROBLEMS[refusal.code];
  const body: Problem = {
    type: `urn:sluice:problem:${refusal.code}`,
    title: titleOf(refusal.code),
    status,
    code: refusal.code,
    detail: refusal.detail,
    requestId,
  };
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      ...SECURITY_HEADERS,
      "content-type": "application/problem+json",
      ...headersOf(status, refusal),
      ...extra,
    },
  });
}

/** The code in words: `rate_limited` is "Rate limited". */
function titleOf(code: ProblemCode): string {
  const words = code.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What HTTP asks a status to bring along (RFC 9110, sections 11.6.1, 7.8 and 10.2.3). */
function headersOf(status: number, refusal: Refusal): Record<string, string> {
  switch (status) {
    case 401:
      return { "www-authenticate": "Bearer" };
    case 426:
      return { connection: "Upgrade", upgrade: "websocket" };
    case 429:
    case 503: {
      const seconds = refusal.retryAfterSeconds ?? RETRY_AFTER_SECONDS[status] ?? 0;
      return { "retry-after": String(Math.max(1, Math.ceil(seconds))) };
    }
    default:
      return {};
  }
}
