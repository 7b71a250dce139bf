import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { type RecordKind, type Records, recordKey } from "../../../durable-objects/registry/rpc.ts";
import {
  type CacheAnswer,
  isOpenedBy,
  STALENESS,
  VerificationCache,
} from "../../../workers/cache/index.ts";
import { aKey, aSite, freshId, hashOf } from "../../builders/registry.ts";
import { openedAccount, outboxEmptied, unwrap } from "./account-objects.ts";

/** A cache over the real KV, with a clock that the test moves and a count of what KV is asked. */
function aCache() {
  const clock = { aheadMs: 0 };
  const counted = { reads: 0 };
  const kv = new Proxy(env.CACHE, {
    get: (target, name) => {
      if (name === "get") counted.reads += 1;
      return Reflect.get(target, name).bind(target);
    },
  });
  const now = () => Date.now() + clock.aheadMs;
  return { cache: new VerificationCache({ kv, now, waitUntil: () => {} }), clock, counted };
}

/** The record of an answer that must have one. */
function recordOf<Kind extends RecordKind>(answer: CacheAnswer<Kind>): Records[Kind] {
  if (!answer.ok) throw new Error(`no record: ${answer.error}`);
  return answer.value;
}

test("a key that was just created opens at once", async () => {
  const { account, registry } = await openedAccount();
  const key = aKey();
  await unwrap(registry.createEntry("operator", key, "admin"));
  const record = recordOf(await aCache().cache.read(recordKey("operator", account, key.id)));
  expect(record.role).toBe("operator");
  expect(isOpenedBy(record.secrets, key.secretHash, Date.now())).toBe(true);
  expect(isOpenedBy(record.secrets, hashOf("0"), Date.now())).toBe(false);
});

test("a revocation is seen when the freshness bound has passed, and a deletion too", async () => {
  const { account, registry } = await openedAccount();
  const { cache, clock } = aCache();
  const key = aKey();
  await unwrap(registry.createEntry("operator", key, "admin"));
  const name = recordKey("operator", account, key.id);
  await cache.read(name);

  await unwrap(registry.revokeEntry("operator", key.id, "admin"));
  await outboxEmptied(registry);
  expect(await cache.read(name)).toMatchObject({ value: { revokedAtMs: null } });
  clock.aheadMs += STALENESS.freshnessMs;
  expect(await cache.read(name)).toMatchObject({ value: { revokedAtMs: expect.any(Number) } });

  await unwrap(registry.removeEntry("operator", key.id, "admin"));
  await outboxEmptied(registry);
  clock.aheadMs += STALENESS.freshnessMs;
  expect(await cache.read(name)).toEqual({ ok: false, error: "deleted" });
});

test("after a rotation the new secret opens within the bound, and the old one still does", async () => {
  const { account, registry } = await openedAccount();
  const { cache, clock } = aCache();
  const site = aSite();
  await unwrap(registry.createEntry("site", site, "admin"));
  const name = recordKey("site", account, site.id);
  await cache.read(name);
  const rotation = { secretHash: hashOf("d"), overlapSeconds: null };
  await unwrap(registry.rotateSecret("site", site.id, rotation, "admin"));
  await outboxEmptied(registry);
  clock.aheadMs += STALENESS.freshnessMs;
  const { secrets } = recordOf(await cache.read(name));
  for (const hash of [hashOf("d"), site.secretHash]) {
    expect(isOpenedBy(secrets, hash, Date.now())).toBe(true);
  }
});

test("reading asks KV once, and never the registry", async () => {
  const { account, registry } = await openedAccount();
  const { cache, counted } = aCache();
  const site = aSite();
  await unwrap(registry.createEntry("site", site, "admin"));
  for (let n = 0; n < 20; n++) await cache.read(recordKey("site", account, site.id));
  for (let n = 0; n < 20; n++) await cache.read(recordKey("site", account, "0".repeat(20)));
  expect(counted.reads).toBe(2);
});

test("many records are read a hundred a call", async () => {
  const { account, registry } = await openedAccount();
  const { cache, counted } = aCache();
  const sites = Array.from({ length: 30 }, () => aSite());
  await Promise.all(sites.map((site) => unwrap(registry.createEntry("site", site, "admin"))));
  await outboxEmptied(registry);
  const absent = Array.from({ length: 100 }, () => freshId());
  const names = [...sites.map(({ id }) => id), ...absent].map((id) =>
    recordKey("site", account, id),
  );
  expect(await cache.bulkWarm(names)).toBe(30);
  expect(counted.reads).toBe(2);
});
