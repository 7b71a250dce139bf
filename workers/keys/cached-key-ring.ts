import type { Result } from "@sluice/protocol";
import { type KeyRing, parseKeyRing } from "./key-ring.ts";

type ParsedRing = Result<KeyRing, "malformed_ring">;

let cached: { readonly text: string; readonly parsed: ParsedRing } | null = null;

/** The ring of a secret, parsed once in the life of an isolate. */
export function cachedKeyRing(text: string): ParsedRing {
  if (cached?.text !== text) cached = { text, parsed: parseKeyRing(text) };
  return cached.parsed;
}
