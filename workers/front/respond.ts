import { SECURITY_HEADERS } from "./security-headers.ts";

/** An answer of JSON. */
export function respond(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { ...SECURITY_HEADERS, "content-type": "application/json" },
  });
}

/** An answer without content. */
export function respondEmpty(): Response {
  return new Response(null, { status: 204, headers: SECURITY_HEADERS });
}
