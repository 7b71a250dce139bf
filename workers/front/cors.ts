import { SECURITY_HEADERS } from "./security-headers.ts";

/** A browser keeps the answer to a preflight for so long; none asks for longer than two hours. */
const PREFLIGHT_SECONDS = 7_200;

/**
 * Answers `OPTIONS`, and with it a browser's preflight. Most answers of the service have no
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

/** As {@link answerOptions}, for an address that pages of every origin may call. */
export function answerPreflight(allow: string): Response {
  const response = answerOptions(allow);
  response.headers.set("access-control-allow-methods", allow);
  response.headers.set("access-control-allow-headers", "content-type");
  response.headers.set("access-control-max-age", String(PREFLIGHT_SECONDS));
  return response;
}

/**
 * Lets pages of every origin read an answer, refusals too. Never with credentials: nothing here goes by a
 * cookie, and which page may use a sitekey or a pass is checked by its hostname.
 */
export function openToPages(response: Response): Response {
  response.headers.set("access-control-allow-origin", "*");
  response.headers.set("access-control-expose-headers", "retry-after");
  response.headers.set("cross-origin-resource-policy", "cross-origin");
  return response;
}
