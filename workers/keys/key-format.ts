import { decodeBase64url, encodeBase64url } from "./base64url.ts";
import { concatBytes } from "./bytes.ts";

/** What a key opens, with the prefix that a person reads it by. */
export const KEY_PREFIXES = {
  operator: "sk_",
  enrolment: "et_",
  client: "ct_",
  siteSecret: "ss_",
  site: "site_",
} as const;

export type KeyKind = keyof typeof KEY_PREFIXES;

export const ACCOUNT_BYTES = 8;
export const KEY_ID_BYTES = 12;
const RING_ID_BYTES = 1;
const SECRET_BYTES = 16;
const TAG_BYTES = 8;

/**
 * A key taken apart. As text it is its prefix and base64url of
 * `ring id 1 | account 8 | key id 12 | secret 16 (none in a sitekey) | tag 8`.
 */
export interface KeyParts {
  readonly kind: KeyKind;
  readonly ringId: number;
  readonly account: Uint8Array<ArrayBuffer>;
  readonly keyId: Uint8Array<ArrayBuffer>;
  /** What the tag covers: the prefix and every byte before the tag. */
  readonly signed: Uint8Array<ArrayBuffer>;
  readonly tag: Uint8Array<ArrayBuffer>;
}

const encoder = new TextEncoder();
const PREFIX_BYTES = {
  operator: encoder.encode(KEY_PREFIXES.operator),
  enrolment: encoder.encode(KEY_PREFIXES.enrolment),
  client: encoder.encode(KEY_PREFIXES.client),
  siteSecret: encoder.encode(KEY_PREFIXES.siteSecret),
  site: encoder.encode(KEY_PREFIXES.site),
} as const;

/** How many random bytes a kind of key holds; a sitekey is public and holds none. */
export function secretBytes(kind: KeyKind): number {
  return kind === "site" ? 0 : SECRET_BYTES;
}

/** What the tag of a key covers: its prefix, so that no kind passes for another, and its bytes. */
export function signedBytes(kind: KeyKind, body: Uint8Array): Uint8Array<ArrayBuffer> {
  return concatBytes(PREFIX_BYTES[kind], body);
}

/** The text of a key from its bytes. */
export function formatKey(kind: KeyKind, body: Uint8Array, tag: Uint8Array): string {
  return KEY_PREFIXES[kind] + encodeBase64url(concatBytes(body, tag));
}

/** Takes a key apart without judging its tag; null when the text has not the shape of a key. */
export function splitKey(text: string): KeyParts | null {
  const kind = kindOf(text);
  if (kind === null) return null;
  const bytes = decodeOfLength(text.slice(KEY_PREFIXES[kind].length), keyBytes(kind));
  if (bytes === null) return null;
  const keyIdAt = RING_ID_BYTES + ACCOUNT_BYTES;
  const body = bytes.slice(0, -TAG_BYTES);
  return {
    kind,
    ringId: bytes[0] ?? 0,
    account: bytes.slice(RING_ID_BYTES, keyIdAt),
    keyId: bytes.slice(keyIdAt, keyIdAt + KEY_ID_BYTES),
    signed: signedBytes(kind, body),
    tag: bytes.slice(-TAG_BYTES),
  };
}

function kindOf(text: string): KeyKind | null {
  const kinds = Object.keys(KEY_PREFIXES) as KeyKind[];
  return kinds.find((kind) => text.startsWith(KEY_PREFIXES[kind])) ?? null;
}

function keyBytes(kind: KeyKind): number {
  return RING_ID_BYTES + ACCOUNT_BYTES + KEY_ID_BYTES + secretBytes(kind) + TAG_BYTES;
}

/** Looks at the length before anything else, so that a long text costs nothing. */
function decodeOfLength(text: string, length: number): Uint8Array<ArrayBuffer> | null {
  return text.length === Math.ceil((length * 4) / 3) ? decodeBase64url(text) : null;
}
