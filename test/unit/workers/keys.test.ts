import { describe, expect, it } from "vitest";
import { decodeBase32, encodeBase32 } from "../../../workers/keys/base32.ts";
import { decodeBase64url, encodeBase64url } from "../../../workers/keys/base64url.ts";
import { equalBytes } from "../../../workers/keys/bytes.ts";
import {
  cachedKeyRing,
  cryptoRandomBytes,
  FIRST_ACCOUNT,
  formatAccountId,
  generateKeyRing,
  hashKey,
  KEY_PREFIXES,
  type KeyKind,
  mintKey,
  parseKeyRing,
  timedKeyId,
  timeOf,
  verifyKey,
} from "../../../workers/keys/index.ts";
import { keyOf, NOW, OTHER_RING_TEXT, operatorKey, RING_TEXT, ringOf } from "./front-fixture.ts";

const KINDS = Object.keys(KEY_PREFIXES) as KeyKind[];

/** Every text that differs from a key in one bit of one byte. */
function* withOneBitFlipped(key: string, prefix: string): Generator<string> {
  const bytes = decodeBase64url(key.slice(prefix.length));
  if (bytes === null) throw new Error("not a key");
  for (const index of bytes.keys()) {
    for (let bit = 0; bit < 8; bit++) {
      const altered = bytes.slice();
      altered[index] = (altered[index] ?? 0) ^ (1 << bit);
      yield prefix + encodeBase64url(altered);
    }
  }
}

describe("a key", () => {
  it.each(KINDS)("of kind %s is known again, with its account and id", async (kind) => {
    const ring = ringOf(RING_TEXT);
    const keyId = timedKeyId(NOW, cryptoRandomBytes);
    const owner = { account: FIRST_ACCOUNT, keyId };
    const key = mintKey(ring, kind, owner, cryptoRandomBytes);
    expect(verifyKey(ring, key)).toMatchObject({ ok: true, value: { kind, ...owner } });
    expect(timeOf(keyId)).toBe(NOW);
  });

  it("has 60 characters after its prefix, a sitekey 39", async () => {
    expect(await keyOf("operator")).toMatch(/^sk_[\w-]{60}$/);
    expect(await keyOf("site")).toMatch(/^site_[\w-]{39}$/);
  });

  it.each(KINDS)("of kind %s fails with any one bit flipped", async (kind) => {
    const ring = ringOf(RING_TEXT);
    for (const altered of withOneBitFlipped(await keyOf(kind), KEY_PREFIXES[kind])) {
      expect(verifyKey(ring, altered).ok).toBe(false);
    }
  });

  it("does not pass for another kind", async () => {
    const ring = ringOf(RING_TEXT);
    const body = (await operatorKey()).slice("sk_".length);
    for (const prefix of ["et_", "ct_", "ss_"]) {
      expect(verifyKey(ring, prefix + body)).toEqual({ ok: false, error: "forged" });
    }
  });

  it("of another deployment is forged", async () => {
    const ring = ringOf(OTHER_RING_TEXT);
    expect(verifyKey(ring, await operatorKey())).toEqual({ ok: false, error: "forged" });
  });

  it.each(["", "sk_", "sk", "xx_", "site_", `sk_${"A".repeat(59)}`, `sk_${"!".repeat(60)}`])(
    "is not the text %j",
    async (text) => {
      expect(verifyKey(ringOf(RING_TEXT), text)).toEqual({
        ok: false,
        error: "malformed",
      });
    },
  );

  it("has one text only: spare bits of a sitekey are judged too", async () => {
    const ring = ringOf(RING_TEXT);
    const key = await keyOf("site");
    const last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const twins = [...last].map((character) => key.slice(0, -1) + character);
    const accepted = await Promise.all(twins.map(async (twin) => verifyKey(ring, twin).ok));
    expect(accepted.filter(Boolean)).toHaveLength(1);
  });

  it("is stored as the SHA-256 of its whole text", async () => {
    expect(hashKey("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });
});

describe("the key ring", () => {
  const second = `7:${"C".repeat(42)}A`;

  it("signs with its first key and verifies with all", async () => {
    const before = await keyOf("operator", NOW, RING_TEXT);
    const rotated = ringOf(`${second},${RING_TEXT}`);
    expect(verifyKey(rotated, before).ok).toBe(true);
    const after = await keyOf("operator", NOW, `${second},${RING_TEXT}`);
    expect(verifyKey(rotated, after).ok).toBe(true);
    expect(verifyKey(ringOf(RING_TEXT), after).ok).toBe(false);
  });

  it("forgets what was made under a key that is taken out", async () => {
    const before = await keyOf("operator", NOW, RING_TEXT);
    expect(verifyKey(ringOf(second), before)).toEqual({ ok: false, error: "forged" });
  });

  it.each([
    ["empty", ""],
    ["without an id", "A".repeat(43)],
    ["with too short a key", `1:${"A".repeat(42)}`],
    ["with spare bits set", `1:${"A".repeat(42)}B`],
    ["with an id over a byte", `256:${"A".repeat(43)}`],
    ["with an id twice", `${RING_TEXT},${OTHER_RING_TEXT}`],
    ["with an empty entry", `${RING_TEXT},`],
    ["of nine keys", Array.from({ length: 9 }, (_, id) => `${id}:${"A".repeat(43)}`).join(",")],
  ])("is refused when it is %s", async (_what, text) => {
    expect(parseKeyRing(text)).toEqual({ ok: false, error: "malformed_ring" });
  });

  it("is made anew from random bytes, in the form that is read", async () => {
    expect(parseKeyRing(generateKeyRing()).ok).toBe(true);
    expect(generateKeyRing()).not.toBe(generateKeyRing());
  });

  it("is parsed once for as long as its text is the same", () => {
    expect(cachedKeyRing(RING_TEXT)).toBe(cachedKeyRing(RING_TEXT));
    expect(cachedKeyRing(OTHER_RING_TEXT)).not.toBe(cachedKeyRing(RING_TEXT));
  });
});

describe("equalBytes", () => {
  it.each([
    [[], [], true],
    [[1, 2], [1, 2], true],
    [[1, 2], [1, 3], false],
    [[0, 2], [1, 2], false],
    [[1, 2], [1, 2, 0], false],
    [[1, 2, 0], [1, 2], false],
  ])("of %j and %j is %s", (left, right, expected) => {
    expect(equalBytes(Uint8Array.from(left), Uint8Array.from(right))).toBe(expected);
  });

  it("looks at every byte of both, wherever they differ", () => {
    const secret = Uint8Array.from({ length: 32 }, (_, index) => index);
    const looksFor = (guess: Uint8Array) => {
      const [left, right] = [countingReads(secret), countingReads(guess)];
      equalBytes(left.bytes, right.bytes);
      return [left.reads(), right.reads()];
    };
    for (const place of [0, 15, 31]) {
      expect(looksFor(secret.with(place, 255)), `differs at ${place}`).toEqual([32, 32]);
    }
    expect(looksFor(secret)).toEqual([32, 32]);
  });
});

/** The same bytes, with a count of how many of them were looked at. */
function countingReads(bytes: Uint8Array) {
  let reads = 0;
  const counted = new Proxy(bytes, {
    get(target, property) {
      if (typeof property === "string" && /^\d+$/.test(property)) reads += 1;
      return Reflect.get(target, property, target);
    },
  });
  return { bytes: counted, reads: () => reads };
}

describe("the encodings", () => {
  it.each([0, 1, 2, 5, 8, 12, 20, 45])("bring %i bytes back", (length) => {
    const bytes = cryptoRandomBytes(length);
    expect(decodeBase32(encodeBase32(bytes))).toEqual(bytes);
    expect(decodeBase64url(encodeBase64url(bytes))).toEqual(bytes);
  });

  it("sort as their bytes do, in base32", () => {
    const times = [1, 1_000, NOW, NOW + 1, 2 ** 47].map((at) =>
      encodeBase32(timedKeyId(at, () => new Uint8Array(6))),
    );
    expect(times.toSorted()).toEqual(times);
  });

  it("refuse texts that are not the one text of a value", () => {
    for (const text of ["A", "i0", "0000000\u0000", "zz1", "o"]) {
      expect(decodeBase32(text)).toBeNull();
    }
    for (const text of ["A", "AB", "AA==", "+/", "A A"]) expect(decodeBase64url(text)).toBeNull();
  });

  it("name the first account", () => {
    expect(formatAccountId(FIRST_ACCOUNT)).toBe(`ac_${"0".repeat(13)}`);
  });
});
