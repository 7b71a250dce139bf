import { CLOSE_CODES } from "./close-codes.ts";
import type { ByeFrame } from "./frames.ts";

/** How long a client that was sent away with one of these codes should stay away, ms; the others: 0. */
const RETRY_AFTER_MS: ReadonlyMap<number, number> = new Map([
  [CLOSE_CODES.superseded, 60_000],
  [CLOSE_CODES.tooMany, 60_000],
  [CLOSE_CODES.comeBackLater, 5_000],
]);

/** The frame that is said before a connection is ended with this code. */
export function byeText(code: number, reason: string): string {
  const retryAfterMs = RETRY_AFTER_MS.get(code) ?? 0;
  const bye: ByeFrame = { type: "bye", code, reason, retryAfterMs };
  return JSON.stringify(bye);
}
