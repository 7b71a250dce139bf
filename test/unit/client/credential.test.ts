import { CLOSE_CODES } from "@sluice/protocol";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  type Credential,
  isOpenedBy,
  refusalOf,
  rotateToken,
} from "../../../durable-objects/client/credential.ts";
import type { Identity } from "../../../durable-objects/client/storage.ts";

const NOW = Date.UTC(2026, 10, 23);
const hashOf = (digit: string) => digit.repeat(64);
const enrolled: Credential = { tokenHash: hashOf("a"), oldToken: null };
const openers = (credential: Credential, now: number) =>
  ["a", "b", "c", "d"].filter((digit) => isOpenedBy(credential, hashOf(digit), now));

describe("a client's credential", () => {
  it("is opened by its token alone, whole", () => {
    expect(openers(enrolled, NOW)).toEqual(["a"]);
    for (const near of ["", "a", hashOf("a").slice(1), `${hashOf("a")}a`, hashOf("A")]) {
      expect(isOpenedBy(enrolled, near, NOW)).toBe(false);
    }
  });

  it("is opened by both tokens during an overlap, and then by the new one", () => {
    const rotated = rotateToken(enrolled, { tokenHash: hashOf("b"), overlapSeconds: 60 }, NOW);
    expect(openers(rotated, NOW + 59_999)).toEqual(["a", "b"]);
    expect(openers(rotated, NOW + 60_000)).toEqual(["b"]);
  });

  it("is opened by two tokens at most", () => {
    const once = rotateToken(enrolled, { tokenHash: hashOf("b"), overlapSeconds: 60 }, NOW);
    const twice = rotateToken(once, { tokenHash: hashOf("c"), overlapSeconds: 60 }, NOW + 1);
    expect(openers(twice, NOW + 1)).toEqual(["b", "c"]);
  });

  it("is opened by the new token alone when there is no overlap", () => {
    const rotated = rotateToken(enrolled, { tokenHash: hashOf("b"), overlapSeconds: 0 }, NOW);
    expect(openers(rotated, NOW)).toEqual(["b"]);
    expect(rotated.oldToken).toBeNull();
  });
});

describe("the time that a credential takes", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  /** How many characters are looked at until the answer is there. */
  function looksFor(credential: Credential, presented: string): number {
    const looks = vi.spyOn(String.prototype, "charCodeAt");
    isOpenedBy(credential, presented, NOW);
    const { length } = looks.mock.calls;
    looks.mockRestore();
    return length;
  }

  it("tells neither how much of a token was right nor which one it was", () => {
    const rotated = rotateToken(enrolled, { tokenHash: hashOf("b"), overlapSeconds: 60 }, NOW);
    const presented = [
      ...[hashOf("b"), hashOf("a"), hashOf("0")],
      ...[`${"b".repeat(63)}0`, `0${"b".repeat(63)}`],
    ];
    for (const credential of [enrolled, rotated]) {
      const looks = presented.map((hash) => looksFor(credential, hash));
      expect(looks).toEqual(looks.map(() => 4 * 64));
    }
  });
});

describe("whoever connects as a client", () => {
  const identity: Identity = {
    ...enrolled,
    account: "ac_tests" as Identity["account"],
    client: "cl_tests" as Identity["client"],
    name: "machine",
    labels: [],
    facts: {},
    enrolledAt: NOW - 1,
    revokedAt: null,
    deletedAt: null,
    paused: false,
    expiresAt: null,
  };
  const codeFor = (changes: Partial<Identity>, hash: string | null = hashOf("a")) =>
    refusalOf({ ...identity, ...changes }, hash, NOW)?.closeCode ?? null;

  it("is let in with its token", () => {
    expect(codeFor({})).toBeNull();
    expect(codeFor({ paused: true, expiresAt: NOW + 1 })).toBeNull();
  });

  it("is told nothing of the client without its token, whatever became of the client", () => {
    for (const hash of [null, "", hashOf("b")]) {
      expect(codeFor({}, hash)).toBe(CLOSE_CODES.unauthenticated);
      expect(codeFor({ revokedAt: NOW }, hash)).toBe(CLOSE_CODES.unauthenticated);
    }
    expect(refusalOf(null, hashOf("a"), NOW)).toEqual(refusalOf(identity, hashOf("b"), NOW));
  });

  it("is told that the client is revoked, deleted or past its time", () => {
    expect(codeFor({ revokedAt: NOW })).toBe(CLOSE_CODES.revoked);
    expect(codeFor({ deletedAt: NOW })).toBe(CLOSE_CODES.revoked);
    expect(refusalOf({ ...identity, expiresAt: NOW }, hashOf("a"), NOW)).toEqual({
      closeCode: CLOSE_CODES.unauthenticated,
      detail: "expired",
    });
  });
});
