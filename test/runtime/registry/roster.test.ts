import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { ClientId } from "@sluice/protocol";
import { describe, expect, test } from "vitest";
import { ACCOUNT_MIGRATIONS } from "../../../durable-objects/registry/migrations.ts";
import { REMEMBERED_MS, Roster } from "../../../durable-objects/registry/roster.ts";
import { RosterStorage } from "../../../durable-objects/registry/roster-storage.ts";
import { accountObject } from "../../../durable-objects/registry/rpc.ts";
import { migrate } from "../../../durable-objects/schema.ts";
import { freshAccount, freshId } from "../../builders/registry.ts";
import { openedAccount, type RegistryStub, refusalOf, unwrap } from "./account-objects.ts";

const NOW = 1_000_000_000;

const idOf = (name: string | number) => `cl_${name}` as ClientId;

/** The object of an account that may have so many clients. */
async function accountOf(clients: number): Promise<RegistryStub> {
  const registry = env.REGISTRY.getByName(accountObject(freshAccount()));
  await unwrap(registry.openAccount({ name: "acme", limits: { clients } }, "admin"));
  return registry;
}

/** Runs on a roster in an object that is nobody's. */
function onRoster(
  act: (roster: Roster, storage: RosterStorage, sql: SqlStorage) => void,
): Promise<void> {
  return runInDurableObject(
    env.REGISTRY.getByName(`nobody:${freshId()}`),
    (_, { storage }: DurableObjectState) => {
      migrate(storage.sql, ACCOUNT_MIGRATIONS);
      const counted = new RosterStorage(storage);
      act(new Roster(counted), counted, storage.sql);
    },
  );
}

describe("an account's limit on clients", () => {
  test("refuses the one above it, and takes one more after a removal", async () => {
    const account = await accountOf(3);
    for (const name of ["a", "b", "c"]) await unwrap(account.takePlace(idOf(name)));
    expect(await account.takePlace(idOf("d"))).toMatchObject({
      ok: false,
      error: { code: "quota_exceeded", detail: expect.stringContaining("3 clients") },
    });
    await unwrap(account.returnPlace(idOf("b"), "removed"));
    await unwrap(account.returnPlace(idOf("b"), "removed"));
    expect(await refusalOf(account.takePlace(idOf("d")))).toBeNull();
    expect(await refusalOf(account.takePlace(idOf("e")))).toBe("quota_exceeded");
  });

  test("is exact, whoever comes first", async () => {
    const account = await accountOf(5);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => refusalOf(account.takePlace(idOf(n)))),
    );
    expect(answers.filter((refusal) => refusal === null)).toHaveLength(5);
    expect(answers.filter((refusal) => refusal === "quota_exceeded")).toHaveLength(15);
  });

  test("counts a client once, also when the account is full by it", async () => {
    const account = await accountOf(1);
    await unwrap(account.takePlace(idOf("a")));
    expect(await refusalOf(account.takePlace(idOf("a")))).toBeNull();
  });

  test("is kept over a restart, and its change holds at once", async () => {
    const account = await accountOf(1);
    await unwrap(account.takePlace(idOf("a")));
    await evictDurableObject(account);
    expect(await refusalOf(account.takePlace(idOf("b")))).toBe("quota_exceeded");
    await unwrap(account.updateAccount({ limits: { clients: 2 } }, "admin"));
    expect(await refusalOf(account.takePlace(idOf("b")))).toBeNull();
  });

  test("that was lowered below what is there lets nobody in until enough have left", async () => {
    const account = await accountOf(3);
    for (const name of ["a", "b", "c"]) await unwrap(account.takePlace(idOf(name)));
    await unwrap(account.updateAccount({ limits: { clients: 2 } }, "admin"));
    await unwrap(account.returnPlace(idOf("a"), "removed"));
    expect(await refusalOf(account.takePlace(idOf("d")))).toBe("quota_exceeded");
    await unwrap(account.returnPlace(idOf("b"), "removed"));
    expect(await refusalOf(account.takePlace(idOf("d")))).toBeNull();
  });

  test("has no place in an account that is closed or was never opened", async () => {
    const { registry } = await openedAccount();
    await unwrap(registry.closeAccount("admin"));
    const stranger = env.REGISTRY.getByName(accountObject(freshAccount()));
    for (const account of [registry, stranger]) {
      expect(await refusalOf(account.takePlace(idOf("a")))).toBe("invalid_key");
    }
    expect(await refusalOf(stranger.returnPlace(idOf("a"), "removed"))).toBe("invalid_key");
  });
});

describe("what is remembered of a client", () => {
  test("is forgotten when no call of it can be under way, and the count stays", async () => {
    await onRoster((roster, storage) => {
      roster.come(idOf("a"), 9, NOW);
      roster.come(idOf("b"), 9, NOW + 1);
      expect(storage.whereabouts(idOf("a"))).toBe("in");
      roster.come(idOf("c"), 9, NOW + REMEMBERED_MS);
      expect(storage.whereabouts(idOf("a"))).toBeNull();
      expect(storage.whereabouts(idOf("b"))).toBe("in");
      expect(storage.clients()).toBe(3);
    });
  });

  test("is not needed for it to leave", async () => {
    await onRoster((roster, storage) => {
      roster.come(idOf("a"), 1, NOW);
      const later = NOW + 2 * REMEMBERED_MS;
      roster.leave(idOf("a"), later);
      roster.leave(idOf("a"), later);
      expect(storage.clients()).toBe(0);
      expect(roster.come(idOf("b"), 1, later).ok).toBe(true);
    });
  });

  test("lets no coming count that arrives after its own undoing", async () => {
    await onRoster((roster, storage) => {
      roster.undo(idOf("a"), NOW);
      roster.come(idOf("a"), 9, NOW);
      roster.undo(idOf("a"), NOW);
      expect(storage.clients()).toBe(0);
      expect(storage.whereabouts(idOf("a"))).toBe("out");
    });
  });

  test("is not there of clients from before they were counted, and the count stays above zero", async () => {
    await onRoster((roster, storage) => {
      roster.leave(idOf("a"), NOW);
      expect(storage.clients()).toBe(0);
    });
  });
});

test("an account from before clients were counted begins at none, with all that it had", async () => {
  const stub = env.REGISTRY.getByName(`nobody:${freshId()}`);
  await runInDurableObject(stub, (_, { storage }) => {
    migrate(storage.sql, ACCOUNT_MIGRATIONS, 1);
    storage.sql.exec("INSERT INTO entries VALUES ('site', 's1', 1, 0, 0, NULL, '{}')");
    migrate(storage.sql, ACCOUNT_MIGRATIONS);
    expect(new RosterStorage(storage).clients()).toBe(0);
    expect(storage.sql.exec("SELECT id FROM entries").one().id).toBe("s1");
  });
});
