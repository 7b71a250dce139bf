import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { recordKey } from "../../../durable-objects/registry/rpc.ts";
import { parseRecord } from "../../../workers/cache/parse-record.ts";
import { aSite } from "../../builders/registry.ts";
import { openedAccount, outboxEmptied, published, unwrap } from "./account-objects.ts";

/** What the version before this mode's new name left behind: rows, records in KV, and its own number. */
async function storedBefore() {
  const { account, registry } = await openedAccount();
  const [managed, slider] = [aSite(), aSite({ mode: "slider" })];
  for (const site of [managed, slider]) {
    await unwrap(registry.createEntry("site", site, "admin"));
  }
  await outboxEmptied(registry);
  await runInDurableObject(registry, (_, { storage }) => {
    storage.sql.exec(
      `UPDATE entries SET body = json_set(body, '$.mode', 'adaptive')
       WHERE json_extract(body, '$.mode') = 'managed'`,
    );
    storage.sql.exec("UPDATE schema_version SET version = 2");
  });
  const key = recordKey("site", account, managed.id);
  const text = (await env.CACHE.get(key)) ?? "";
  await env.CACHE.put(key, text.replace('"managed"', '"adaptive"'));
  return { account, registry, managed, slider, key };
}

test("a record that says adaptive is read as managed", async () => {
  const { key } = await storedBefore();
  const record = parseRecord(key, (await env.CACHE.get(key)) ?? "");
  expect(record).toMatchObject({ ok: true, value: { mode: "managed" } });
});

test("a site that was stored as adaptive is managed when its object wakes, and its record follows", async () => {
  const { account, registry, managed, slider } = await storedBefore();
  const untouched = await published("site", account, slider.id);
  await evictDurableObject(registry);
  expect(await unwrap(registry.getEntry("site", managed.id))).toMatchObject({ mode: "managed" });
  await outboxEmptied(registry);
  expect(await published("site", account, managed.id)).toMatchObject({
    mode: "managed",
    version: 2,
  });
  expect(await published("site", account, slider.id)).toEqual(untouched);
});
