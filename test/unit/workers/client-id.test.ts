import { describe, expect, it } from "vitest";
import { decodeBase32, encodeBase32 } from "../../../workers/keys/base32.ts";
import {
  clientOfToken,
  cryptoRandomBytes,
  FIRST_ACCOUNT,
  mintClient,
  verifyClientId,
  verifyKey,
} from "../../../workers/keys/index.ts";
import {
  enrolledClient,
  NOW,
  OTHER_ACCOUNT,
  OTHER_RING_TEXT,
  RING_TEXT,
  ringOf,
} from "./front-fixture.ts";

const SECOND_KEY = `2:${"C".repeat(42)}A`;

describe("a client id", () => {
  it("has 32 characters after its prefix and sorts by time of enrolment", async () => {
    const ring = ringOf(RING_TEXT);
    const at = (time: number) => mintClient(ring, FIRST_ACCOUNT, time, cryptoRandomBytes);
    const ids = [await at(NOW), await at(NOW + 1), await at(NOW + 86_400_000)].map(
      ({ clientId }) => clientId,
    );
    expect(ids[0]).toMatch(/^cl_[0-9a-hjkmnp-tv-z]{32}$/);
    expect(ids.toSorted()).toEqual(ids);
  });

  it("is known again for its account", async () => {
    const { clientId } = await enrolledClient();
    const ring = ringOf(RING_TEXT);
    expect(verifyClientId(ring, FIRST_ACCOUNT, clientId)).toEqual({
      ok: true,
      value: clientId,
    });
  });

  it("is forged for any other account", async () => {
    const { clientId } = await enrolledClient();
    const ring = ringOf(RING_TEXT);
    expect(verifyClientId(ring, OTHER_ACCOUNT, clientId)).toEqual({
      ok: false,
      error: "forged",
    });
  });

  it("is forged with any one bit flipped", async () => {
    const ring = ringOf(RING_TEXT);
    const bytes = decodeBase32((await enrolledClient()).clientId.slice(3));
    for (let bit = 0; bit < 160; bit++) {
      const altered = bytes?.slice() ?? new Uint8Array();
      altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const verified = verifyClientId(ring, FIRST_ACCOUNT, `cl_${encodeBase32(altered)}`);
      expect(verified).toEqual({ ok: false, error: "forged" });
    }
  });

  it("has one text only", async () => {
    const ring = ringOf(RING_TEXT);
    const { clientId } = await enrolledClient();
    for (const twin of [
      `CL_${clientId.slice(3)}`,
      clientId.toUpperCase(),
      `${clientId}0`,
      ` ${clientId}`,
    ]) {
      expect(verifyClientId(ring, FIRST_ACCOUNT, twin)).toEqual({
        ok: false,
        error: "malformed",
      });
    }
  });

  it("outlives a rotation of the ring, as long as its key stays in it", async () => {
    const { clientId } = await enrolledClient();
    const rotated = ringOf(`${SECOND_KEY},${RING_TEXT}`);
    expect(verifyClientId(rotated, FIRST_ACCOUNT, clientId).ok).toBe(true);
    const foreign = ringOf(`${SECOND_KEY},${OTHER_RING_TEXT}`);
    expect(verifyClientId(foreign, FIRST_ACCOUNT, clientId).ok).toBe(false);
  });
});

describe("a client token", () => {
  it("leads to its client by itself, also after a rotation", async () => {
    const { clientId, token } = await enrolledClient();
    for (const text of [RING_TEXT, `${SECOND_KEY},${RING_TEXT}`]) {
      const verified = verifyKey(ringOf(text), token);
      expect(verified.ok && clientOfToken(verified.value)).toBe(clientId);
    }
  });
});
