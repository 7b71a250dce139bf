import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { accountObject, recordKey } from "../../../durable-objects/registry/rpc.ts";
import { aKey, aSite, aToken, freshAccount, hashOf } from "../../builders/registry.ts";
import { openedAccount, outboxEmptied, published, refusalOf, unwrap } from "./account-objects.ts";

describe("what is created is in KV when the call answers", () => {
  test("an account, with the usual limits where none are given", async () => {
    const account = freshAccount();
    const registry = env.REGISTRY.getByName(accountObject(account));
    await unwrap(registry.openAccount({ name: "acme", limits: { sites: 7 } }, "admin"));
    expect(await published("account", account, account)).toMatchObject({
      v: 1,
      kind: "account",
      version: 1,
      account,
      limits: { sites: 7, requestsInFlight: 200 },
    });
  });

  test("an operator key", async () => {
    const { account, registry } = await openedAccount();
    const key = aKey({ role: "viewer" });
    const view = await unwrap(registry.createEntry("operator", key, "admin"));
    expect(view).toMatchObject({ id: key.id, role: "viewer", revokedAt: null });
    expect(await published("operator", account, key.id)).toEqual({
      v: 1,
      kind: "operator",
      version: 1,
      account,
      role: "viewer",
      secrets: [{ hash: key.secretHash }],
    });
  });

  test("an enrolment token", async () => {
    const { account, registry } = await openedAccount();
    const token = aToken({ uses: 3 });
    await unwrap(registry.createEntry("enrolment", token, "admin"));
    expect(await published("enrolment", account, token.id)).toMatchObject({
      labels: ["eu"],
      uses: 3,
      expiresAtMs: token.expiresAtMs,
    });
  });

  test("a site", async () => {
    const { account, registry } = await openedAccount();
    const site = aSite();
    await unwrap(registry.createEntry("site", site, "admin"));
    expect(await published("site", account, site.id)).toMatchObject({
      hostnames: ["shop.example"],
      mode: "managed",
      threshold: 0.5,
      policy: { difficulty: "normal", enrols: false },
    });
  });
});

describe("what is changed follows into KV", () => {
  test("a site's settings", async () => {
    const { account, registry } = await openedAccount();
    const site = aSite();
    await unwrap(registry.createEntry("site", site, "admin"));
    await unwrap(registry.updateSite(site.id, { threshold: 0.9, name: "store" }, "admin"));
    await outboxEmptied(registry);
    expect(await published("site", account, site.id)).toMatchObject({ version: 2, threshold: 0.9 });
    expect(await unwrap(registry.getEntry("site", site.id))).toMatchObject({ name: "store" });
  });

  test("a new secret, with the old one until the overlap ends", async () => {
    const { account, registry } = await openedAccount();
    const site = aSite();
    await unwrap(registry.createEntry("site", site, "admin"));
    const before = Date.now();
    const rotation = { secretHash: hashOf("d"), overlapSeconds: null };
    await unwrap(registry.rotateSecret("site", site.id, rotation, "admin"));
    await outboxEmptied(registry);
    const record = await published("site", account, site.id);
    expect(record?.secrets).toEqual([
      { hash: hashOf("d") },
      { hash: site.secretHash, untilMs: expect.any(Number) },
    ]);
    const view = await unwrap(registry.getEntry("site", site.id));
    const until = Date.parse(view.oldSecretUntil ?? "");
    expect(until).toBeGreaterThanOrEqual(before + 2 * 3_600_000);
  });

  test("a revocation, after which nothing is rotated any more", async () => {
    const { account, registry } = await openedAccount();
    const key = aKey();
    await unwrap(registry.createEntry("operator", key, "admin"));
    await unwrap(registry.revokeEntry("operator", key.id, "admin"));
    await outboxEmptied(registry);
    const record = await published("operator", account, key.id);
    expect(record).toMatchObject({ version: 2, revokedAtMs: expect.any(Number) });
    const rotation = { secretHash: hashOf("d"), overlapSeconds: 0 };
    expect(await refusalOf(registry.rotateSecret("operator", key.id, rotation, "admin"))).toBe(
      "conflict",
    );
  });

  test("a deletion leaves a tombstone that KV will let go by itself", async () => {
    const { account, registry } = await openedAccount();
    const key = aKey();
    await unwrap(registry.createEntry("operator", key, "admin"));
    await unwrap(registry.removeEntry("operator", key.id, "admin"));
    await outboxEmptied(registry);
    expect(await published("operator", account, key.id)).toEqual({
      v: 1,
      kind: "deleted",
      version: 2,
      account,
      deletedAtMs: expect.any(Number),
    });
    const listed = await env.CACHE.list({ prefix: recordKey("operator", account, key.id) });
    const days = (Number(listed.keys[0]?.expiration) * 1000 - Date.now()) / 86_400_000;
    expect(days).toBeCloseTo(1, 1);
    expect(await refusalOf(registry.getEntry("operator", key.id))).toBe("not_found");
  });

  test("a suspension, and its end", async () => {
    const { account, registry } = await openedAccount();
    await unwrap(registry.updateAccount({ suspended: true }, "admin"));
    const suspended = await unwrap(registry.updateAccount({ limits: { keys: 3 } }, "admin"));
    expect(suspended.suspendedAt).not.toBeNull();
    await outboxEmptied(registry);
    expect(await published("account", account, account)).toMatchObject({
      suspendedAtMs: expect.any(Number),
      limits: { keys: 3, sites: 1_000 },
    });
    await unwrap(registry.updateAccount({ suspended: false }, "admin"));
    await outboxEmptied(registry);
    expect(await published("account", account, account)).not.toHaveProperty("suspendedAtMs");
  });

  test("closing an account buries everything in it", async () => {
    const { account, registry } = await openedAccount();
    const [key, site] = [aKey(), aSite()];
    await unwrap(registry.createEntry("operator", key, "admin"));
    await unwrap(registry.createEntry("site", site, "admin"));
    await unwrap(registry.closeAccount("admin"));
    await outboxEmptied(registry);
    for (const [kind, id] of [
      ["account", account],
      ["operator", key.id],
      ["site", site.id],
    ] as const) {
      expect(await published(kind, account, id), kind).toMatchObject({ kind: "deleted" });
    }
    expect(await refusalOf(registry.describeAccount())).toBe("not_found");
    expect(await refusalOf(registry.createEntry("operator", aKey(), "admin"))).toBe("not_found");
    expect(await refusalOf(registry.openAccount({ name: "again", limits: {} }, "admin"))).toBe(
      "conflict",
    );
  });
});

test("no secret and no hash is in any view or in the audit log", async () => {
  const { registry } = await openedAccount();
  const site = aSite();
  const created = await unwrap(registry.createEntry("site", site, "key:abc"));
  const rotation = { secretHash: hashOf("e"), overlapSeconds: null };
  const rotated = await unwrap(registry.rotateSecret("site", site.id, rotation, "key:abc"));
  const audit = await unwrap(registry.listAudit({ cursor: null, limit: 10 }));
  const shown = JSON.stringify([created, rotated, audit]);
  expect(shown).not.toContain(site.secretHash);
  expect(shown).not.toContain(hashOf("e"));
});
