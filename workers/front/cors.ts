import { SECURITY_HEADERS } from "./security-headers.ts";

/**
 * Answers `OPTIONS`, and with it a browser's preflight. No answer of the service has an
 * `access-control-allow-origin`: a key has no place in a page of another origin, so none may call.
 */
export function answerOptions(allow: string): Response {
  return new Response(null, {
    status: 204,
    headers: {
      ...SECURITY_HEADERS,
      allow,
      vary: "origin, access-control-request-method, access-control-request-headers",
    },
  });
}
