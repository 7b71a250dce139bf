import { ok } from "@sluice/protocol";
import { type Outcome, refuse } from "./refusal.ts";

/** Longest URL, in characters; the longest of ours is a list call with its cursor. */
const MAX_URL_CHARACTERS = 4_096;
const DIGITS = /^\d{1,15}$/;

/** What a route expects in its body. */
export type BodyRule =
  /** Whatever comes as a body is not read. */
  | { readonly kind: "none" }
  /** A WebSocket upgrade. */
  | { readonly kind: "upgrade" }
  /** Named values in any encoding, or in the query alone; what is in the body is for the route to read. */
  | { readonly kind: "fields"; readonly maxBytes: number }
  | {
      readonly kind: "text";
      readonly mediaTypes: readonly string[];
      readonly maxBytes: number;
      /** Whether the call may come without a body and its content type. */
      readonly optional: boolean;
    };

/** The first look at a request, before its route is known. */
export function screenUrl(url: string): Outcome<null> {
  if (url.length <= MAX_URL_CHARACTERS) return ok(null);
  return refuse("uri_too_long", `a URL may have ${MAX_URL_CHARACTERS} characters`);
}

/** Judges a request by its headers alone against what its route expects. */
export function screenBody(headers: Headers, rule: BodyRule): Outcome<null> {
  switch (rule.kind) {
    case "none":
      return ok(null);
    case "upgrade":
      return screenUpgrade(headers);
    case "fields":
      return screenPlainBody(headers, rule.maxBytes);
    case "text":
      return comesWithoutBody(headers, rule) ? ok(null) : screenText(headers, rule);
  }
}

/** Whether a request leaves out a body that its route does not insist on. */
export function comesWithoutBody(headers: Headers, rule: BodyRule): boolean {
  return rule.kind === "text" && rule.optional && headers.get("content-type") === null;
}

/** The media type in a `content-type` value, without its parameters. */
export function mediaTypeOf(headers: Headers): string {
  const [type = ""] = (headers.get("content-type") ?? "").split(";", 1);
  return type.trim().toLowerCase();
}

function screenUpgrade(headers: Headers): Outcome<null> {
  if (headers.get("upgrade")?.toLowerCase() === "websocket") return ok(null);
  return refuse("upgrade_required", "this address speaks WebSocket only");
}

function screenText(headers: Headers, rule: BodyRule & { kind: "text" }): Outcome<null> {
  const plain = screenPlainBody(headers, rule.maxBytes);
  if (!plain.ok) return plain;
  if (!rule.mediaTypes.includes(mediaTypeOf(headers)) || !isUtf8(headers)) {
    const types = rule.mediaTypes.join(" or ");
    return refuse("unsupported_media_type", `the content type must be ${types}, in UTF-8`);
  }
  return ok(null);
}

function screenPlainBody(headers: Headers, maxBytes: number): Outcome<null> {
  const length = headers.get("content-length");
  if (length !== null && !DIGITS.test(length)) {
    return refuse("bad_request", "content-length must be a whole number");
  }
  if (Number(length) > maxBytes) return bodyTooLarge(maxBytes);
  const encoding = headers.get("content-encoding");
  if (encoding !== null && encoding.toLowerCase() !== "identity") {
    return refuse("unsupported_media_type", "compressed bodies are not taken");
  }
  return ok(null);
}

/** The answer to a body over its cap, declared or counted. */
export function bodyTooLarge(maxBytes: number): Outcome<never> {
  return refuse("body_too_large", `the body may have ${maxBytes} bytes`);
}

/** JSON is UTF-8 (RFC 8259, section 8.1); a charset that says otherwise is not guessed at. */
function isUtf8(headers: Headers): boolean {
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(headers.get("content-type") ?? "");
  return charset === null || charset[1]?.toLowerCase() === "utf-8";
}
