import { abortAllDurableObjects, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { AccountId } from "@sluice/protocol";
import { describe, expect, test, vi } from "vitest";
import { recorderName } from "../../../durable-objects/recorder/rpc.ts";
import { AccountRole } from "../../../durable-objects/registry/account-role.ts";
import type { Registry } from "../../../durable-objects/registry/object.ts";
import { accountObject, ROOT_OBJECT } from "../../../durable-objects/registry/rpc.ts";
import { aKey, aSite, hashOf } from "../../builders/registry.ts";
import {
  openedAccount,
  outboxSize,
  published,
  type RegistryStub,
  unwrap,
} from "./account-objects.ts";

type Put = KVNamespace["put"];

const DOWN: Put = () => Promise.reject(new Error("KV is down"));
const HANGING: Put = () => new Promise(() => {});

/** Ends every object as a crash does; what comes back is a new instance, reached by a new stub. */
async function crash(account: AccountId): Promise<RegistryStub> {
  await abortAllDurableObjects();
  return env.REGISTRY.getByName(accountObject(account));
}

/** Acts as an account's object on its real storage, with a KV whose writes go as `put` says. */
async function withKv(
  registry: RegistryStub,
  account: AccountId,
  put: Put,
  act: (role: AccountRole) => unknown,
): Promise<void> {
  vi.spyOn(console, "error").mockImplementation(() => {});
  await runInDurableObject(registry, async (_, state) => {
    const kv = new Proxy(env.CACHE, {
      get: (target, name) => (name === "put" ? put : Reflect.get(target, name)),
    });
    const root = () => env.REGISTRY.getByName(ROOT_OBJECT);
    const recorder = (siteId: string) => env.RECORDER.getByName(recorderName(account, siteId));
    await act(new AccountRole(state, account, { kv, root, recorder }));
    await scheduler.wait(5);
  });
}

describe("a change that was committed and not published", () => {
  test("is published by the alarm after the object has died", async () => {
    const { account, registry } = await openedAccount();
    const key = aKey();
    await unwrap(registry.createEntry("operator", key, "admin"));
    await withKv(registry, account, HANGING, (role) =>
      role.change((inner, now) => inner.revoke("operator", key.id, "admin", now)),
    );
    expect(await published("operator", account, key.id)).not.toHaveProperty("revokedAtMs");
    const revived = await crash(account);
    expect(await runDurableObjectAlarm(revived)).toBe(true);
    expect(await published("operator", account, key.id)).toHaveProperty("revokedAtMs");
    expect(await outboxSize(revived)).toBe(0);
  });

  test("is published even if the alarm was lost with the object", async () => {
    const { account, registry } = await openedAccount();
    const key = aKey();
    await unwrap(registry.createEntry("operator", key, "admin"));
    await withKv(registry, account, HANGING, (role) =>
      role.change((inner, now) => inner.revoke("operator", key.id, "admin", now)),
    );
    await runInDurableObject(registry, (_, { storage }) => storage.deleteAlarm());
    const revived = await crash(account);
    await unwrap(revived.describeAccount());
    expect(await runDurableObjectAlarm(revived)).toBe(true);
    expect(await published("operator", account, key.id)).toHaveProperty("revokedAtMs");
  });

  test("waits for another try while KV is down, and only its newest value is published", async () => {
    const { account, registry } = await openedAccount();
    const site = aSite();
    await unwrap(registry.createEntry("site", site, "admin"));
    for (const threshold of [0.6, 0.7, 0.8]) {
      await withKv(registry, account, DOWN, (role) =>
        role.change((inner, now) => inner.updateSite(site.id, { threshold }, "admin", now)),
      );
    }
    expect(await outboxSize(registry)).toBe(1);
    await runInDurableObject(registry, (_, { storage }) => {
      storage.sql.exec("UPDATE outbox SET next_at = 0");
    });
    const revived = await crash(account);
    await runDurableObjectAlarm(revived);
    const record = await published("site", account, site.id);
    expect(record).toMatchObject({ threshold: 0.8, version: 4 });
  });

  test("is not committed at all when its outbox row cannot be written", async () => {
    const { account, registry } = await openedAccount();
    const key = aKey();
    await unwrap(registry.createEntry("operator", key, "admin"));
    await runInDurableObject<Registry, void>(registry, async (instance, { storage }) => {
      storage.sql.exec("ALTER TABLE outbox RENAME TO outbox_away");
      await expect(instance.revokeEntry("operator", key.id, "admin")).rejects.toThrow();
      storage.sql.exec("ALTER TABLE outbox_away RENAME TO outbox");
    });
    expect(await unwrap(registry.getEntry("operator", key.id))).toMatchObject({ revokedAt: null });
    expect(await published("operator", account, key.id)).toMatchObject({ version: 1 });
  });
});

test("creating answers although KV hangs, and the record follows", {
  timeout: 60_000,
}, async () => {
  const { account, registry } = await openedAccount();
  const key = aKey({ secretHash: hashOf("f") });
  await withKv(registry, account, HANGING, async (role) => {
    const created = await role.create((inner, now) => inner.create("operator", key, "admin", now));
    expect(created.ok).toBe(true);
  });
  await runDurableObjectAlarm(await crash(account));
  expect(await published("operator", account, key.id)).toMatchObject({ version: 1 });
});
