import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { ClientId } from "@sluice/protocol";
import { describe, expect, test } from "vitest";
import {
  accountObject,
  enrolmentObject,
  ROOT_OBJECT,
} from "../../../durable-objects/registry/rpc.ts";
import { aKey, aSite, aToken, freshAccount, freshId } from "../../builders/registry.ts";
import { openedAccount, refusalOf, unwrap } from "./account-objects.ts";

const LATER = Date.parse("2100-01-01T00:00:00Z");
const ALL = { cursor: null, limit: 100 };

async function tablesOf(name: string): Promise<string[]> {
  return runInDurableObject(env.REGISTRY.getByName(name), (_, { storage }) =>
    storage.sql
      .exec(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\'",
      )
      .toArray()
      .map((row) => String(row.name)),
  );
}

describe("one object for each account", () => {
  test("what one account has, another does not see", async () => {
    const [mine, other] = [await openedAccount(), await openedAccount()];
    const key = aKey();
    await unwrap(mine.registry.createEntry("operator", key, "admin"));
    expect(await refusalOf(other.registry.getEntry("operator", key.id))).toBe("not_found");
    expect(await unwrap(other.registry.listEntries("operator", ALL))).toMatchObject({ items: [] });
  });

  test("an account that was never opened refuses everything and stores nothing", async () => {
    const name = accountObject(freshAccount());
    const stranger = env.REGISTRY.getByName(name);
    expect(await refusalOf(stranger.describeAccount())).toBe("not_found");
    expect(await refusalOf(stranger.createEntry("operator", aKey(), "admin"))).toBe("not_found");
    expect(await refusalOf(stranger.listEntries("site", ALL))).toBe("not_found");
    expect(await refusalOf(stranger.listAudit(ALL))).toBe("not_found");
    expect(await refusalOf(stranger.reconcileAccount(null))).toBe("not_found");
    expect(await tablesOf(name)).toEqual([]);
  });

  test("each object answers only the calls of its own role", async () => {
    const root = env.REGISTRY.getByName(ROOT_OBJECT);
    const { registry } = await openedAccount();
    expect(await refusalOf(root.describeAccount())).toBe("not_found");
    expect(await refusalOf(registry.listAccounts(ALL))).toBe("not_found");
    const use = { client: "cl_1" as ClientId, uses: 1, expiresAtMs: LATER };
    expect(await refusalOf(registry.useToken(use))).toBe("not_found");
    expect(await refusalOf(env.REGISTRY.getByName("else").describeAccount())).toBe("not_found");
  });

  test("keeps what it knows over a restart", async () => {
    const { registry } = await openedAccount();
    const site = aSite();
    await unwrap(registry.createEntry("site", site, "admin"));
    await evictDurableObject(registry);
    expect(await unwrap(registry.getEntry("site", site.id))).toMatchObject({ name: "shop" });
  });
});

describe("an account's quotas", () => {
  test("are exact", async () => {
    const account = freshAccount();
    const registry = env.REGISTRY.getByName(accountObject(account));
    await unwrap(registry.openAccount({ name: "acme", limits: { sites: 2 } }, "admin"));
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => refusalOf(registry.createEntry("site", aSite(), "admin"))),
    );
    expect(answers.filter((refusal) => refusal === null)).toHaveLength(2);
    expect(answers.filter((refusal) => refusal === "quota_exceeded")).toHaveLength(3);
  });

  test("count no more what was deleted", async () => {
    const account = freshAccount();
    const registry = env.REGISTRY.getByName(accountObject(account));
    await unwrap(registry.openAccount({ name: "acme", limits: { keys: 1 } }, "admin"));
    const key = aKey();
    await unwrap(registry.createEntry("operator", key, "admin"));
    await unwrap(registry.removeEntry("operator", key.id, "admin"));
    expect(await refusalOf(registry.createEntry("operator", aKey(), "admin"))).toBeNull();
  });
});

describe("lists", () => {
  test("come in pages that hold everything once, in the order of ids", async () => {
    const { registry } = await openedAccount();
    const keys = Array.from({ length: 7 }, () => aKey());
    for (const key of keys) await unwrap(registry.createEntry("operator", key, "admin"));
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: { items: readonly { id: string }[]; cursor: string | null } = await unwrap(
        registry.listEntries("operator", { cursor, limit: 3 }),
      );
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.cursor;
    } while (cursor !== null);
    expect(seen).toEqual(keys.map(({ id }) => id));
  });

  test("the root lists an account from its opening to its closing", async () => {
    const { account, registry } = await openedAccount();
    const root = env.REGISTRY.getByName(ROOT_OBJECT);
    const listed = async () => {
      const { items } = await unwrap(root.listAccounts({ cursor: null, limit: 1_000 }));
      return items.find(({ id }) => id === account)?.name ?? null;
    };
    expect(await listed()).toBe("acme");
    await unwrap(registry.updateAccount({ name: "bolt" }, "admin"));
    await expect.poll(listed).toBe("bolt");
    await unwrap(registry.closeAccount("admin"));
    await expect.poll(listed).toBeNull();
  });

  test("a line that arrives late at the root does not undo a newer one", async () => {
    const root = env.REGISTRY.getByName(ROOT_OBJECT);
    const summary = { id: freshAccount(), name: "old", createdAt: "", suspendedAt: null };
    await root.noteAccount(2, { ...summary, name: "new" }, false);
    await root.noteAccount(1, summary, false);
    const { items } = await unwrap(root.listAccounts({ cursor: null, limit: 1_000 }));
    expect(items.find(({ id }) => id === summary.id)?.name).toBe("new");
  });
});

test("the audit log says who did what to what, newest first", async () => {
  const { account, registry } = await openedAccount();
  const site = aSite();
  await unwrap(registry.createEntry("site", site, "key:k1"));
  await unwrap(registry.updateSite(site.id, { threshold: 0.7, mode: "slider" }, "key:k2"));
  await unwrap(registry.removeEntry("site", site.id, "admin"));
  const target = { kind: "site", id: site.id };
  const page = await unwrap(registry.listAudit({ cursor: null, limit: 3 }));
  expect(page.items).toMatchObject([
    { by: "admin", action: "deleted", target, fields: [] },
    { by: "key:k2", action: "updated", target, fields: ["threshold", "mode"] },
    { by: "key:k1", action: "created", target, fields: [] },
  ]);
  const rest = await unwrap(registry.listAudit({ cursor: page.cursor, limit: 3 }));
  expect(rest.items).toMatchObject([{ action: "created", target: { id: account } }]);
  expect(rest.cursor).toBeNull();
});

describe("the uses of an enrolment token", () => {
  const use = (client: string, uses = 2) => ({
    client: client as ClientId,
    uses,
    expiresAtMs: LATER,
  });

  test("are counted exactly, whoever comes first", async () => {
    const counter = env.REGISTRY.getByName(enrolmentObject(aToken().id));
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) => refusalOf(counter.useToken(use(`cl_${n}`, 3)))),
    );
    expect(answers.filter((refusal) => refusal === null)).toHaveLength(3);
    expect(answers.filter((refusal) => refusal === "forbidden")).toHaveLength(5);
  });

  test("a client takes one, however often it asks, and can give it back", async () => {
    const counter = env.REGISTRY.getByName(enrolmentObject(freshId()));
    await unwrap(counter.useToken(use("cl_a", 1)));
    expect(await unwrap(counter.useToken(use("cl_a", 1)))).toEqual({ used: 1 });
    expect(await refusalOf(counter.useToken(use("cl_b", 1)))).toBe("forbidden");
    await unwrap(counter.giveBack("cl_a" as ClientId));
    await unwrap(counter.giveBack("cl_a" as ClientId));
    expect(await unwrap(counter.useToken(use("cl_b", 1)))).toEqual({ used: 1 });
  });

  test("end with the token, and then nothing is kept of them", async () => {
    const name = enrolmentObject(freshId());
    const counter = env.REGISTRY.getByName(name);
    const expired = { ...use("cl_a"), expiresAtMs: Date.now() - 1 };
    expect(await refusalOf(counter.useToken(expired))).toBe("invalid_key");
    await unwrap(counter.useToken(use("cl_a")));
    expect(await runDurableObjectAlarm(counter)).toBe(true);
    expect(await tablesOf(name)).toEqual([]);
  });
});
