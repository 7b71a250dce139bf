import type { SecretHash, SiteRecord } from "../../../durable-objects/registry/rpc.ts";
import {
  cryptoRandomBytes,
  encodeBase32,
  FIRST_ACCOUNT,
  formatAccountId,
  hashKey,
  mintKey,
  signingStateOf,
  timedKeyId,
} from "../../../workers/keys/index.ts";
import { mintPass, type Pass } from "../../../workers/verify/pass.ts";
import { aPass } from "../../builders/passes.ts";
import { type PublishedRecords, siteRecord } from "../../builders/published-records.ts";
import { NOW, PUBLISHED, RING_TEXT, ringOf } from "../workers/front-fixture.ts";

/** A site as its owner knows it: what its page and its server hold, and how visitors get passes. */
export interface TestSite {
  readonly id: string;
  readonly sitekey: string;
  readonly secret: string;
  /** A pass of this site that was solved a second ago, unless `fields` say otherwise. */
  pass(fields?: Partial<Pass>): string;
  /** Publishes the site anew with these secrets in force. */
  publish(secrets: readonly SecretHash[]): void;
  /** Publishes the site in another KV, with the secret that it has. */
  publishTo(records: PublishedRecords): void;
  /** Another secret of the same site, which opens once it is published. */
  mintSecret(): string;
}

/** A site whose record stands in the KV of {@link PUBLISHED}. */
export async function openSite(
  account: Uint8Array = FIRST_ACCOUNT,
  fields: Partial<SiteRecord> = {},
): Promise<TestSite> {
  const ring = ringOf(RING_TEXT);
  const keyId = timedKeyId(NOW, cryptoRandomBytes);
  const [owner, id] = [formatAccountId(account), encodeBase32(keyId)];
  const mint = (kind: "site" | "siteSecret") =>
    mintKey(ring, kind, { account, keyId }, cryptoRandomBytes);
  const publish = (secrets: readonly SecretHash[], records = PUBLISHED) =>
    records.publish("site", id, siteRecord(owner, "", { ...fields, secrets }));
  const secret = mint("siteSecret");
  const signing = signingStateOf(secret);
  const first = [{ hash: hashKey(secret), untilMs: null, signing }];
  publish(first);
  return {
    id,
    sitekey: mint("site"),
    secret,
    publish,
    publishTo: (records) => publish(first, records),
    mintSecret: () => mint("siteSecret"),
    pass: (fields = {}) => {
      const made = { account: owner, siteId: id, loadedAtMs: NOW - 3_000, solvedAtMs: NOW - 1_000 };
      return mintPass(ring, aPass({ id: freshPassId(), ...made, ...fields }), cryptoRandomBytes);
    },
  };
}

/** 32 hex digits that no other pass has. */
export function freshPassId(): string {
  return Buffer.from(cryptoRandomBytes(16)).toString("hex");
}
