import type { AccountId } from "@sluice/protocol";
import {
  RECORD_FORM,
  type RecordKey,
  recordKey,
  type SiteRecord,
} from "../../durable-objects/registry/rpc.ts";
import {
  ACCOUNT_BYTES,
  encodeBase32,
  formatAccountId,
  KEY_ID_BYTES,
} from "../../workers/keys/index.ts";

const SITES_PER_ACCOUNT = 100;
const HASH_CHARACTERS = 64;

/** A site of the benchmark, the same for the same number. */
export interface NumberedSite {
  readonly account: AccountId;
  readonly id: string;
}

export function siteOf(number: number): NumberedSite {
  return {
    account: formatAccountId(bytesOf(Math.floor(number / SITES_PER_ACCOUNT), ACCOUNT_BYTES)),
    id: encodeBase32(bytesOf(number, KEY_ID_BYTES)),
  };
}

/** The name under which a site is published. */
export function nameOf({ account, id }: NumberedSite): RecordKey<"site"> {
  return recordKey("site", account, id);
}

/** What is published of it: two hostnames, one secret, nothing shared with another site. */
export function recordOf(number: number): SiteRecord {
  return {
    v: RECORD_FORM,
    kind: "site",
    version: 1,
    account: siteOf(number).account,
    hostnames: [`www.shop-${number}.example`, `shop-${number}.example`],
    mode: "managed",
    threshold: 0.5,
    policy: { difficulty: "normal", enrols: false },
    recordedPercent: null,
    secrets: [{ hash: number.toString(16).padStart(HASH_CHARACTERS, "0"), untilMs: null }],
    revokedAtMs: null,
  };
}

/** A number spread over all bytes, as random ids are. */
function bytesOf(number: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = number + 1;
  for (let index = 0; index < length; index += 1) {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9;
    bytes[index] = state >>> 24;
  }
  new DataView(bytes.buffer).setUint32(0, number);
  return bytes;
}
