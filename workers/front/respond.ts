import { SECURITY_HEADERS } from "./security-headers.ts";

/** Copied into every answer as they are; a plain object would be read name by name each time. */
const JSON_HEADERS = new Headers({ ...SECURITY_HEADERS, "content-type": "application/json" });

/** An answer of JSON. */
export function respond(status: number, body: unknown): Response {
  return respondJson(status, JSON.stringify(body));
}

/** An answer of JSON that is text already. */
export function respondJson(status: number, text: string): Response {
  return new Response(text, { status, headers: JSON_HEADERS });
}

/** An answer of another kind of text. */
export function respondText(
  text: string,
  mediaType: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(text, {
    headers: { ...SECURITY_HEADERS, "content-type": mediaType, ...headers },
  });
}

/** An answer without content. */
export function respondEmpty(): Response {
  return new Response(null, { status: 204, headers: SECURITY_HEADERS });
}
