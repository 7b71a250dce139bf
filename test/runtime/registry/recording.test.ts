import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { AccountId } from "@sluice/protocol";
import { describe, expect, test, vi } from "vitest";
import type { RecorderRpc } from "../../../durable-objects/recorder/rpc.ts";
import { AccountRole } from "../../../durable-objects/registry/account-role.ts";
import { AccountStorage } from "../../../durable-objects/registry/account-storage.ts";
import { RECORDING } from "../../../durable-objects/registry/outbox-storage.ts";
import { ROOT_OBJECT } from "../../../durable-objects/registry/rpc.ts";
import { aRecording, aSite } from "../../builders/registry.ts";
import { exported, offer, recorderOf, stored } from "../recorder/recorders.ts";
import {
  openedAccount,
  outboxEmptied,
  outboxSize,
  published,
  type RegistryStub,
  unwrap,
} from "./account-objects.ts";

/** An account with one site, and the site's recorder. */
async function openedSite(fields: Parameters<typeof aSite>[0] = {}) {
  const { account, registry } = await openedAccount();
  const site = aSite(fields);
  await unwrap(registry.createEntry("site", site, "admin"));
  return { account, registry, site, recorder: recorderOf(account, site.id) };
}

/** A site that is recorded, with one movement kept. */
async function recordedSite() {
  const opened = await openedSite({ recording: aRecording() });
  expect(await offer(opened.recorder, 1)).toBe("taken");
  expect(await exported(opened.recorder)).toHaveLength(1);
  return opened;
}

const NOTHING = { tables: [], alarmAt: null };

describe("a site's recorder", () => {
  test("is told nothing of a site that is not recorded, whatever changes", async () => {
    const { registry, site, recorder } = await openedSite();
    await unwrap(registry.updateSite(site.id, { threshold: 0.9 }, "admin"));
    await unwrap(registry.removeEntry("site", site.id, "admin"));
    await outboxEmptied(registry);
    expect(await stored(recorder)).toEqual(NOTHING);
    expect(await offer(recorder, 1)).toBe("off");
  });

  test("records from when a site is made that is to be recorded, and KV says which share", async () => {
    const { account, site } = await recordedSite();
    expect(await published("site", account, site.id)).toMatchObject({ recordedPercent: 100 });
  });

  test("records from when it is asked for, under what was asked last", async () => {
    const { account, registry, site, recorder } = await openedSite();
    for (const label of ["human", "script"] as const) {
      const change = { recording: aRecording({ label, sharePercent: 7 }) };
      const view = await unwrap(registry.updateSite(site.id, change, "admin"));
      expect(view).toMatchObject(change);
    }
    await outboxEmptied(registry);
    await offer(recorder, 1);
    expect(await exported(recorder)).toMatchObject([{ label: 0 }]);
    expect(await published("site", account, site.id)).toMatchObject({ recordedPercent: 7 });
  });

  test("goes on when something else of its site changes", async () => {
    const { registry, site, recorder } = await recordedSite();
    await unwrap(registry.updateSite(site.id, { threshold: 0.9 }, "admin"));
    await outboxEmptied(registry);
    expect(await exported(recorder)).toHaveLength(1);
  });

  const ENDS: readonly [string, (registry: RegistryStub, id: string) => Promise<unknown>][] = [
    [
      "recording is turned off",
      (reg, id) => unwrap(reg.updateSite(id, { recording: null }, "admin")),
    ],
    ["its site is deleted", (reg, id) => unwrap(reg.removeEntry("site", id, "admin"))],
    ["its account is closed", (reg) => unwrap(reg.closeAccount("admin"))],
  ];

  test.for(ENDS)("erases everything when %s", async ([_, end]) => {
    const { account, registry, site, recorder } = await recordedSite();
    await offer(recorder, 2);
    await end(registry, site.id);
    await outboxEmptied(registry);
    expect(await stored(recorder)).toEqual(NOTHING);
    expect(await offer(recorder, 3)).toBe("off");
    expect(await published("site", account, site.id)).not.toHaveProperty("recordedPercent");
  });

  test("that could not be told to end is told by the alarm, as soon as it can be", async () => {
    const { account, registry, site, recorder } = await recordedSite();
    const gone = { follow: () => Promise.reject(new Error("gone")) };
    await withRecorder(registry, account, gone, (role) =>
      role.change((inner, now) => inner.updateSite(site.id, { recording: null }, "admin", now)),
    );
    expect(await outboxSize(registry)).toBe(1);
    expect(await exported(recorder)).toHaveLength(1);
    await runInDurableObject(registry, (_, { storage }) => {
      storage.sql.exec("UPDATE outbox SET next_at = 0");
    });
    await evictDurableObject(registry);
    await runDurableObjectAlarm(registry);
    await outboxEmptied(registry);
    expect(await stored(recorder)).toEqual(NOTHING);
  });

  test("that hears late of what is over is told again what holds", async () => {
    const { registry, site, recorder } = await recordedSite();
    await unwrap(registry.updateSite(site.id, { recording: null }, "admin"));
    await outboxEmptied(registry);
    await recorder.follow(1, aRecording());
    // As the outbox does when a call that it has given up on ends after all.
    await runInDurableObject(registry, (_, { storage }) => {
      new AccountStorage(storage).outbox.publishAgain(RECORDING, site.id, 0);
      return storage.setAlarm(Date.now() + 60_000);
    });
    expect(await outboxSize(registry)).toBe(1);
    await runDurableObjectAlarm(registry);
    expect(await stored(recorder)).toEqual(NOTHING);
  });

  test("is told to end although its site was deleted so long ago that it is forgotten", async () => {
    const { registry, site, recorder } = await recordedSite();
    await runInDurableObject(registry, (_, { storage }) => {
      storage.sql.exec("DELETE FROM entries WHERE kind = 'site'");
      storage.sql.exec("INSERT INTO outbox VALUES ('recording', ?, 2, 0, 0)", site.id);
      return storage.setAlarm(Date.now() + 60_000);
    });
    await runDurableObjectAlarm(registry);
    expect(await stored(recorder)).toEqual(NOTHING);
  });
});

describe("a site that was stored before there was recording", () => {
  test("is not recorded, and what is published of it stays as it was", async () => {
    const { account, registry, site } = await openedSite();
    const before = await published("site", account, site.id);
    await runInDurableObject(registry, (_, { storage }) => {
      storage.sql.exec("UPDATE entries SET body = json_remove(body, '$.recording')");
      storage.sql.exec("UPDATE schema_version SET version = 3");
    });
    await evictDurableObject(registry);
    expect(await unwrap(registry.getEntry("site", site.id))).toMatchObject({ recording: null });
    expect(await outboxSize(registry)).toBe(0);
    expect(await published("site", account, site.id)).toEqual(before);
    expect(before).not.toHaveProperty("recordedPercent");
  });
});

/** Acts as an account's object on its real storage, with another recorder for all of its sites. */
async function withRecorder(
  registry: RegistryStub,
  account: AccountId,
  recorder: Pick<RecorderRpc, "follow">,
  act: (role: AccountRole) => unknown,
): Promise<void> {
  vi.spyOn(console, "error").mockImplementation(() => {});
  await runInDurableObject(registry, async (_, state) => {
    const root = () => env.REGISTRY.getByName(ROOT_OBJECT);
    await act(new AccountRole(state, account, { kv: env.CACHE, root, recorder: () => recorder }));
    await scheduler.wait(50);
  });
}
