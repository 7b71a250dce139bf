import type { AccountId } from "@sluice/protocol";
import { encodeBase32 } from "./base32.ts";
import { ACCOUNT_BYTES } from "./key-format.ts";

/** The account that everything belongs to as long as there is one. */
export const FIRST_ACCOUNT: Uint8Array<ArrayBuffer> = new Uint8Array(ACCOUNT_BYTES);

/** `ac_` and the account's 8 bytes in base32. */
export function formatAccountId(account: Uint8Array): AccountId {
  return `ac_${encodeBase32(account)}` as AccountId;
}
