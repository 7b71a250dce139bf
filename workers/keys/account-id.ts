import type { AccountId } from "@sluice/protocol";
import { decodeBase32, encodeBase32 } from "./base32.ts";
import { ACCOUNT_BYTES } from "./key-format.ts";

const PREFIX = "ac_";

/** The account that other Workers of the deployment act for, and the one that a local service has. */
export const FIRST_ACCOUNT: Uint8Array<ArrayBuffer> = new Uint8Array(ACCOUNT_BYTES);

/** `ac_` and the account's 8 bytes in base32. */
export function formatAccountId(account: Uint8Array): AccountId {
  return `${PREFIX}${encodeBase32(account)}` as AccountId;
}

/** The bytes of an account's id; null for a text that is none. Whether there is such an account, it does not say. */
export function parseAccountId(text: string): Uint8Array<ArrayBuffer> | null {
  const bytes = text.startsWith(PREFIX) ? decodeBase32(text.slice(PREFIX.length)) : null;
  return bytes?.length === ACCOUNT_BYTES ? bytes : null;
}
