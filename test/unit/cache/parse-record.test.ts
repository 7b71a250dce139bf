import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bodyOfSpec } from "../../../durable-objects/registry/body-of-spec.ts";
import { type Entry, newEntry } from "../../../durable-objects/registry/entries.ts";
import { publicationOf } from "../../../durable-objects/registry/publication.ts";
import { ACCOUNT_LIMITS, formatRecord } from "../../../durable-objects/registry/rpc.ts";
import { parseRecord } from "../../../workers/cache/parse-record.ts";
import { aKey, aRecording, aSite, aToken, hashOf } from "../../builders/registry.ts";
import { ACCOUNT, siteKey, siteRecord, tombstone } from "./records.ts";

const NOW = 1_000_000;
const CORRUPT = { ok: false, error: "corrupt" };

function limits() {
  const entries = Object.entries(ACCOUNT_LIMITS).map(([name, { usual }]) => [name, usual]);
  return Object.fromEntries(entries);
}

describe("what the registry publishes is understood", () => {
  const entries: readonly Entry[] = [
    newEntry("account", ACCOUNT, { name: "acme", limits: limits(), suspendedAtMs: null }, NOW),
    newEntry("operator", "k1", bodyOfSpec("operator", aKey()), NOW),
    newEntry("enrolment", "t1", bodyOfSpec("enrolment", aToken({ uses: 3 })), NOW),
    newEntry("enrolment", "t2", bodyOfSpec("enrolment", aToken()), NOW),
    newEntry("site", "s1", bodyOfSpec("site", aSite()), NOW),
    newEntry("site", "s2", bodyOfSpec("site", aSite({ signing: "A".repeat(86) })), NOW),
    newEntry("site", "s3", bodyOfSpec("site", aSite({ recording: aRecording() })), NOW),
  ];

  test.each(entries)("$kind $id", (entry) => {
    const { key, text } = publicationOf(ACCOUNT, entry, NOW);
    const record = parseRecord(key, text ?? "");
    expect(record).toMatchObject({ ok: true, value: { kind: entry.kind, version: 1 } });
    if (record.ok) expect(formatRecord(record.value)).toBe(text);
  });

  test("a tombstone, under any name", () => {
    const text = formatRecord(tombstone(7));
    expect(parseRecord(siteKey(), text)).toEqual({ ok: true, value: tombstone(7) });
  });

  test("with fields that a later version has added", () => {
    const text = JSON.stringify({ ...JSON.parse(formatRecord(siteRecord())), tint: "blue" });
    expect(parseRecord(siteKey(), text)).toEqual({ ok: true, value: siteRecord() });
  });
});

describe("corrupt is", () => {
  const good = JSON.parse(formatRecord(siteRecord()));
  const withSigning = (signing: unknown) =>
    JSON.stringify({ ...good, secrets: [{ hash: hashOf("a"), signing }] });

  test.each([
    ["nothing", ""],
    ["half a record", formatRecord(siteRecord()).slice(0, -10)],
    ["a list", "[]"],
    ["another form", JSON.stringify({ ...good, v: 2 })],
    ["no version", JSON.stringify({ ...good, version: undefined })],
    ["another kind", JSON.stringify({ ...good, kind: "operator" })],
    ["another account", JSON.stringify({ ...good, account: "ac_0000000000002" })],
    ["a hash cut short", JSON.stringify({ ...good, secrets: [{ hash: "ab" }] })],
    ["a signing state cut short", withSigning("A".repeat(85))],
    ["a signing state that is none", withSigning(7)],
    ["three secrets", JSON.stringify({ ...good, secrets: Array(3).fill(good.secrets[0]) })],
    ["a share of recorded movements beyond all", JSON.stringify({ ...good, recordedPercent: 101 })],
    ["a share of none", JSON.stringify({ ...good, recordedPercent: 0 })],
    ["a threshold beyond 1", JSON.stringify({ ...good, threshold: 1.1 })],
    ["a null", JSON.stringify({ ...good, revokedAtMs: null })],
    ["a revocation that is no time", JSON.stringify({ ...good, revokedAtMs: "now" })],
    ["a hostname that is no text", JSON.stringify({ ...good, hostnames: [1] })],
    ["too long", JSON.stringify({ ...good, more: "x".repeat(40_000) })],
    ["too deep", JSON.stringify({ ...good, more: [[[[[[]]]]]] })],
  ])("%s", (_, text) => {
    expect(parseRecord(siteKey(), text)).toEqual(CORRUPT);
  });

  test("a name that is none of ours", () => {
    expect(parseRecord("nonsense", formatRecord(siteRecord()))).toEqual(CORRUPT);
  });

  test("a record with any one field taken out that it must have", () => {
    for (const field of Object.keys(good)) {
      const { [field]: _, ...rest } = good;
      expect(parseRecord(siteKey(), JSON.stringify(rest)), field).toEqual(CORRUPT);
    }
  });

  test("never an exception, whatever stands there", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(parseRecord(siteKey(), text)).toEqual(CORRUPT);
      }),
    );
  });
});
