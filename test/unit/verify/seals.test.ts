import { afterEach, describe, expect, it, vi } from "vitest";
import { cryptoRandomBytes, type KeyRing, parseKeyRing } from "../../../workers/keys/index.ts";
import { openChallenge, sealChallenge } from "../../../workers/verify/challenge.ts";
import { mintPass, openPass } from "../../../workers/verify/pass.ts";
import { aChallenge, aPass } from "../../builders/passes.ts";

const FIRST = `1:${"A".repeat(43)}`;
const SECOND = `2:${"B".repeat(42)}A`;

function ringOf(text: string): KeyRing {
  const ring = parseKeyRing(text);
  if (!ring.ok) throw new Error(ring.error);
  return ring.value;
}

const longest = {
  hostname: `${"a".repeat(60)}.`.repeat(4).padEnd(253, "b"),
  action: "a".repeat(32),
  cdata: "c".repeat(255),
};

afterEach(() => vi.restoreAllMocks());

describe("a sealed pass", () => {
  it("comes back as it was", async () => {
    const ring = ringOf(FIRST);
    const text = await mintPass(ring, aPass(longest), cryptoRandomBytes);
    expect(await openPass(ring, text)).toEqual({ ok: true, value: aPass(longest) });
  });

  it("has at most 2,048 characters, whatever the page named it", async () => {
    const reasons = Array(3).fill("r".repeat(40));
    const text = await mintPass(ringOf(FIRST), aPass({ ...longest, reasons }), cryptoRandomBytes);
    expect(text.length).toBeLessThanOrEqual(2_048);
  });

  it("shows nothing of what it holds", async () => {
    const text = await mintPass(ringOf(FIRST), aPass({ action: "login" }), cryptoRandomBytes);
    expect(text).toMatch(/^sp_[\w-]+$/);
    expect(Buffer.from(text.slice(3), "base64url").toString("latin1")).not.toContain("login");
  });

  it("opens under a ring that was rotated since, until its key is taken out", async () => {
    const text = await mintPass(ringOf(FIRST), aPass(), cryptoRandomBytes);
    expect((await openPass(ringOf(`${SECOND},${FIRST}`), text)).ok).toBe(true);
    expect((await openPass(ringOf(SECOND), text)).ok).toBe(false);
  });

  it("is forged when any one of its characters is another", async () => {
    const ring = ringOf(FIRST);
    const text = await mintPass(ring, aPass(), cryptoRandomBytes);
    for (let index = 0; index < text.length; index += 1) {
      const other = text[index] === "A" ? "B" : "A";
      const tampered = text.slice(0, index) + other + text.slice(index + 1);
      expect((await openPass(ring, tampered)).ok, `character ${index}`).toBe(false);
    }
  });

  it("is turned away without a decryption when it is forged", async () => {
    const ring = ringOf(FIRST);
    const text = await mintPass(ring, aPass(), cryptoRandomBytes);
    const decrypt = vi.spyOn(crypto.subtle, "decrypt");
    expect((await openPass(ring, `${text.slice(0, -8)}AAAAAAAA`)).ok).toBe(false);
    expect(decrypt).not.toHaveBeenCalled();
    expect((await openPass(ring, text)).ok).toBe(true);
    expect(decrypt).toHaveBeenCalledTimes(1);
  });

  it("is not a challenge, and a challenge is no pass", async () => {
    const ring = ringOf(FIRST);
    const pass = await mintPass(ring, aPass(), cryptoRandomBytes);
    const challenge = await sealChallenge(ring, aChallenge(), cryptoRandomBytes);
    expect(await openChallenge(ring, pass)).toBeNull();
    expect(await openChallenge(ring, pass.replace("sp_", "sc_"))).toBeNull();
    expect((await openPass(ring, challenge.replace("sc_", "sp_"))).ok).toBe(false);
    expect(await openChallenge(ring, challenge)).toEqual(aChallenge());
  });

  it.each(["", "sp_", "sp_AAAA", `sp_${"A".repeat(40)}`, `sp_${"A".repeat(4_000)}`, "sp_é"])(
    "is none in %j",
    async (text) => {
      expect((await openPass(ringOf(FIRST), text)).ok).toBe(false);
    },
  );
});
