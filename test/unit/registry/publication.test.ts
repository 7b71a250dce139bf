import { describe, expect, test } from "vitest";
import { bodyOfSpec } from "../../../durable-objects/registry/body-of-spec.ts";
import { changed, deleted, newEntry } from "../../../durable-objects/registry/entries.ts";
import { roleOfName } from "../../../durable-objects/registry/object-names.ts";
import { publicationOf, TOMBSTONE_SECONDS } from "../../../durable-objects/registry/publication.ts";
import {
  addReports,
  driftOf,
  NO_DRIFT,
  reportOf,
} from "../../../durable-objects/registry/reconcile.ts";
import {
  accountObject,
  enrolmentObject,
  recordKey,
  splitRecordKey,
} from "../../../durable-objects/registry/rpc.ts";
import { aSite, aToken, freshAccount } from "../../builders/registry.ts";

const NOW = Date.parse("2026-11-23T00:00:00Z");
const SECOND_MS = 1_000;
const account = freshAccount();

describe("what is published", () => {
  const site = newEntry("site", "0s1te", bodyOfSpec("site", aSite()), NOW);

  test("of a site: what the front needs, under its account, without its name", () => {
    const { key, text, ttlSeconds } = publicationOf(account, site, NOW);
    expect(key).toBe(`${account}/site/0s1te`);
    expect(ttlSeconds).toBeNull();
    expect(JSON.parse(text ?? "")).toMatchObject({ v: 1, kind: "site", version: 1, account });
    expect(text).not.toContain('shop"');
  });

  test("grows in version with every change", () => {
    const next = changed(site, { ...site.body, threshold: 1 }, NOW + 1);
    expect(publicationOf(account, next, NOW + 1).text).toContain('"version":2');
  });

  test("of something deleted: a tombstone, for a day, then nothing", () => {
    const gone = deleted(site, NOW);
    const fresh = publicationOf(account, gone, NOW);
    expect(JSON.parse(fresh.text ?? "")).toEqual({
      v: 1,
      kind: "deleted",
      version: 2,
      account,
      deletedAtMs: NOW,
    });
    expect(fresh.ttlSeconds).toBe(TOMBSTONE_SECONDS);
    const endMs = NOW + TOMBSTONE_SECONDS * SECOND_MS;
    expect(publicationOf(account, gone, endMs - SECOND_MS).ttlSeconds).toBe(60);
    expect(publicationOf(account, gone, endMs).text).toBeNull();
  });

  test("of an enrolment token: until a day after it has expired", () => {
    const expiresAtMs = NOW + 3_600 * SECOND_MS;
    const body = bodyOfSpec("enrolment", aToken({ expiresAtMs }));
    const token = newEntry("enrolment", "0t0ken", body, NOW);
    expect(publicationOf(account, token, NOW).ttlSeconds).toBe(3_600 + TOMBSTONE_SECONDS);
    const later = expiresAtMs + TOMBSTONE_SECONDS * SECOND_MS;
    expect(publicationOf(account, token, later).text).toBeNull();
  });

  test("is the same text whenever it is made, so that KV can be compared with it", () => {
    const first = publicationOf(account, site, NOW).text;
    expect(publicationOf(account, structuredClone(site), NOW + 86_400_000).text).toBe(first);
  });
});

describe("drift", () => {
  const key = recordKey("site", account, "0s1te");
  const live = { key, text: "new", ttlSeconds: null };
  const gone = { key, text: null, ttlSeconds: null };

  test.each([
    [live, "new", "none"],
    [live, "old", "stale"],
    [live, null, "missing"],
    [gone, null, "none"],
    [gone, "old", "extra"],
  ] as const)("of %j when KV holds %j is %s", (publication, found, drift) => {
    expect(driftOf(publication, found)).toBe(drift);
  });

  test("is counted by kind, and adds up over parts", () => {
    const part = reportOf(["none", "stale", "stale", "missing", "extra"], 3);
    const report = { checked: 5, missing: 1, stale: 2, extra: 1, repaired: 3, failed: 0 };
    expect(part).toEqual(report);
    expect(addReports(part, NO_DRIFT)).toEqual(report);
    expect(addReports(part, part)).toMatchObject({ checked: 10, stale: 4, repaired: 6 });
  });
});

describe("names", () => {
  test("of records come apart as they were put together", () => {
    const key = recordKey("operator", account, "0k3y");
    expect(splitRecordKey(key)).toEqual({ kind: "operator", account, id: "0k3y" });
  });

  test.each(["", "a", "a/sk", "a/sk/", "/sk/b", "a/xx/b", "a/sk/b/c"])(
    "%j names no record",
    (name) => {
      expect(splitRecordKey(name)).toBeNull();
    },
  );

  test("of objects say their role", () => {
    expect(roleOfName("root")).toEqual({ kind: "root" });
    expect(roleOfName(accountObject(account))).toEqual({ kind: "account", account });
    expect(roleOfName(enrolmentObject("0k3y"))).toEqual({ kind: "enrolment", keyId: "0k3y" });
    for (const name of [undefined, "", "root:1", "account", "account:", "account:a:b", "x:y"]) {
      expect(roleOfName(name), String(name)).toBeNull();
    }
  });
});
