import { describe, expect, it } from "vitest";
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

describe("a sealed pass", () => {
  it("comes back as it was", async () => {
    const ring = ringOf(FIRST);
    const text = mintPass(ring, aPass(longest), cryptoRandomBytes);
    expect(openPass(ring, text)).toEqual({ ok: true, value: aPass(longest) });
  });

  it("has at most 2,048 characters, whatever the page named it", async () => {
    const reasons = Array(3).fill("r".repeat(40));
    const text = mintPass(ringOf(FIRST), aPass({ ...longest, reasons }), cryptoRandomBytes);
    expect(text.length).toBeLessThanOrEqual(2_048);
  });

  it("shows nothing of what it holds", async () => {
    const text = mintPass(ringOf(FIRST), aPass({ action: "login" }), cryptoRandomBytes);
    expect(text).toMatch(/^sp_[\w-]+$/);
    expect(Buffer.from(text.slice(3), "base64url").toString("latin1")).not.toContain("login");
  });

  it("opens under a ring that was rotated since, until its key is taken out", async () => {
    const text = mintPass(ringOf(FIRST), aPass(), cryptoRandomBytes);
    expect(openPass(ringOf(`${SECOND},${FIRST}`), text).ok).toBe(true);
    expect(openPass(ringOf(SECOND), text).ok).toBe(false);
  });

  it("is forged when any one of its characters is another", async () => {
    const ring = ringOf(FIRST);
    const text = mintPass(ring, aPass(), cryptoRandomBytes);
    for (let index = 0; index < text.length; index += 1) {
      const other = text[index] === "A" ? "B" : "A";
      const tampered = text.slice(0, index) + other + text.slice(index + 1);
      expect(openPass(ring, tampered).ok, `character ${index}`).toBe(false);
    }
  });

  it("reads differently each time that the same is sealed", () => {
    const ring = ringOf(FIRST);
    const texts = Array.from({ length: 50 }, () => mintPass(ring, aPass(), cryptoRandomBytes));
    const endings = texts.map((text) => text.slice("sp_".length + 2));
    expect(new Set(endings.map((ending) => ending.slice(0, 24))).size).toBe(50);
    expect(new Set(endings.map((ending) => ending.slice(-24))).size).toBe(50);
  });

  it("is not a challenge, and a challenge is no pass", async () => {
    const ring = ringOf(FIRST);
    const pass = mintPass(ring, aPass(), cryptoRandomBytes);
    const challenge = sealChallenge(ring, aChallenge(), cryptoRandomBytes);
    expect(openChallenge(ring, pass)).toBeNull();
    expect(openChallenge(ring, pass.replace("sp_", "sc_"))).toBeNull();
    expect(openPass(ring, challenge.replace("sc_", "sp_")).ok).toBe(false);
    expect(openChallenge(ring, challenge)).toEqual(aChallenge());
  });

  it.each(["", "sp_", "sp_AAAA", `sp_${"A".repeat(40)}`, `sp_${"A".repeat(4_000)}`, "sp_é"])(
    "is none in %j",
    async (text) => {
      expect(openPass(ringOf(FIRST), text).ok).toBe(false);
    },
  );
});
