import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { AccountId } from "@sluice/protocol";
import { expect, test } from "vitest";
import {
  type DriftReport,
  type ReconcilePage,
  ROOT_OBJECT,
  recordKey,
} from "../../../durable-objects/registry/rpc.ts";
import { aKey, aSite, freshId, hashOf } from "../../builders/registry.ts";
import {
  openedAccount,
  outboxEmptied,
  published,
  type RegistryStub,
  settle,
  unwrap,
} from "./account-objects.ts";

type Compare = (cursor: string | null) => Promise<ReconcilePage>;

/** Runs a comparison to its end; the sums of its pages' reports. */
async function compareAll(compare: Compare): Promise<DriftReport> {
  const sum = { checked: 0, missing: 0, stale: 0, extra: 0, repaired: 0, failed: 0 };
  let cursor: string | null = null;
  do {
    const page = await compare(cursor);
    for (const name of Object.keys(sum) as (keyof DriftReport)[]) sum[name] += page.report[name];
    cursor = page.cursor;
  } while (cursor !== null);
  return sum;
}

function compareAccount(registry: RegistryStub): Promise<DriftReport> {
  return compareAll((cursor) => unwrap(registry.reconcileAccount(cursor)));
}

async function accountWithKeys(
  count: number,
): Promise<{ account: AccountId; registry: RegistryStub; ids: string[] }> {
  const { account, registry } = await openedAccount();
  const keys = Array.from({ length: count }, () => aKey());
  await Promise.all(keys.map((key) => unwrap(registry.createEntry("operator", key, "admin"))));
  await outboxEmptied(registry);
  await settle(registry);
  return { account, registry, ids: keys.map(({ id }) => id) };
}

test("finds nothing where KV is as it should be", async () => {
  const { registry } = await accountWithKeys(3);
  const report = { checked: 4, missing: 0, stale: 0, extra: 0, repaired: 0, failed: 0 };
  expect(await compareAccount(registry)).toEqual(report);
});

test("repairs what is missing, stale and extra, and says how much it was", async () => {
  const { account, registry, ids } = await accountWithKeys(4);
  const [missing = "", stale = "", revived = ""] = ids.map((id) =>
    recordKey("operator", account, id),
  );
  const old = (await env.CACHE.get(revived)) ?? "";
  await unwrap(registry.removeEntry("operator", ids[2] ?? "", "admin"));
  await outboxEmptied(registry);
  await settle(registry, 1_000_000);
  const stranger = recordKey("operator", account, freshId());
  await env.CACHE.delete(missing);
  await env.CACHE.put(stale, "{}");
  await env.CACHE.put(revived, old);
  await env.CACHE.put(stranger, old);
  await env.CACHE.put(`${account}/nonsense`, "x");

  const report = { checked: 5, missing: 1, stale: 2, extra: 2, repaired: 5, failed: 0 };
  expect(await compareAccount(registry)).toEqual(report);
  expect(await published("operator", account, ids[0] ?? "")).toMatchObject({ role: "operator" });
  expect(await published("operator", account, ids[1] ?? "")).toMatchObject({ role: "operator" });
  expect(await published("operator", account, ids[2] ?? "")).toMatchObject({ kind: "deleted" });
  expect(await env.CACHE.get(stranger)).toBeNull();
  expect(await compareAccount(registry)).toMatchObject({ missing: 0, stale: 0, extra: 0 });
});

test("leaves alone what changed moments ago: KV may not show it yet", async () => {
  const { account, registry } = await openedAccount();
  const site = aSite();
  await unwrap(registry.createEntry("site", site, "admin"));
  await env.CACHE.delete(recordKey("site", account, site.id));
  expect(await compareAccount(registry)).toMatchObject({ checked: 0, missing: 0 });
});

test("finds no drift at a site's signing states, made or replaced, or absent as in older sites", async () => {
  const { account, registry } = await openedAccount();
  const [signing, old] = [aSite({ signing: "A".repeat(86) }), aSite()];
  for (const site of [signing, old]) await unwrap(registry.createEntry("site", site, "admin"));
  const next = { secretHash: hashOf("d"), signing: "B".repeat(86), overlapSeconds: 60 };
  for (const { id } of [signing, old]) {
    await unwrap(registry.rotateSecret("site", id, next, "admin"));
  }
  await outboxEmptied(registry);
  await settle(registry, 1_000_000);
  expect(await compareAccount(registry)).toMatchObject({ missing: 0, stale: 0, extra: 0 });
  expect(await published("site", account, signing.id)).toMatchObject({
    secrets: [{ signing: "B".repeat(86) }, { signing: "A".repeat(86) }],
  });
  expect(await published("site", account, old.id)).toMatchObject({
    secrets: [{ signing: "B".repeat(86) }, { hash: old.secretHash }],
  });
});

test("forgets a deleted key when its tombstone has left KV", async () => {
  const { account, registry, ids } = await accountWithKeys(2);
  await unwrap(registry.removeEntry("operator", ids[0] ?? "", "admin"));
  await outboxEmptied(registry);
  await runInDurableObject(registry, (_, { storage }) => {
    storage.sql.exec("UPDATE entries SET deleted_at = 1, changed_at = 1 WHERE deleted_at > 0");
  });
  expect(await compareAccount(registry)).toMatchObject({ checked: 2, extra: 1, repaired: 1 });
  expect(await published("operator", account, ids[0] ?? "")).toBeNull();
});

test("goes through more entries than fit one call", async () => {
  const { account, registry } = await openedAccount();
  await runInDurableObject(registry, (_, { storage }) => {
    storage.sql.exec(
      `INSERT INTO entries
       SELECT 'operator', printf('%020d', value), 1, 1, 1, NULL,
         '{"label":"x","role":"viewer","secrets":[],"revokedAtMs":null}'
       FROM (WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 600)
             SELECT value FROM n)`,
    );
  });
  await settle(registry);
  const report = { checked: 601, missing: 600, stale: 0, extra: 0, repaired: 600, failed: 0 };
  expect(await compareAccount(registry)).toEqual(report);
  expect(await compareAccount(registry)).toMatchObject({ checked: 601, missing: 0 });
  expect(await published("operator", account, `${"0".repeat(17)}600`)).not.toBeNull();
});

test("the root compares every account, also those that do not fit one call", async () => {
  const accounts = await Promise.all(Array.from({ length: 10 }, () => accountWithKeys(1)));
  await Promise.all(
    accounts.map(({ account, ids }) =>
      env.CACHE.delete(recordKey("operator", account, ids[0] ?? "")),
    ),
  );
  const root = env.REGISTRY.getByName(ROOT_OBJECT);
  const report = await compareAll((cursor) => unwrap(root.reconcile(cursor)));
  expect(report).toMatchObject({ missing: 10, repaired: 10, failed: 0 });
  for (const { account, ids } of accounts) {
    expect(await published("operator", account, ids[0] ?? "")).not.toBeNull();
  }
});
