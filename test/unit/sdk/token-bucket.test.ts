import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  fullBucket,
  takeToken,
  tokensAt,
  waitForTokenMs,
} from "../../../packages/sdk/src/client/token-bucket.ts";

const LIMITER = { burst: 2, perSecond: 0.5 };

describe("a token bucket", () => {
  it("lets a burst through, then one token per refill", () => {
    const one = takeToken(LIMITER, fullBucket(LIMITER, 0), 0);
    const none = one && takeToken(LIMITER, one, 0);
    expect(none).toEqual({ tokens: 0, at: 0 });
    expect(none && takeToken(LIMITER, none, 1_999)).toBeNull();
    expect(none && takeToken(LIMITER, none, 2_000)).toEqual({ tokens: 0, at: 2_000 });
  });

  it("never holds more than its burst", () => {
    expect(tokensAt(LIMITER, { tokens: 1, at: 0 }, 1e9)).toBe(2);
  });

  it("refills nothing when the clock goes back", () => {
    expect(tokensAt(LIMITER, { tokens: 1, at: 5_000 }, 0)).toBe(1);
  });

  it("knows that a bucket without refill never fills", () => {
    const limiter = { burst: 1, perSecond: 0 };
    expect(waitForTokenMs(limiter, { tokens: 0, at: 0 }, 0)).toBe(Number.POSITIVE_INFINITY);
  });

  it("has a token after exactly the wait it names", () => {
    const rates = fc.double({ min: 0.001, max: 1_000, noNaN: true });
    const tokens = fc.double({ min: 0, max: 0.999, noNaN: true });
    fc.assert(
      fc.property(rates, tokens, (perSecond, left) => {
        const limiter = { burst: 5, perSecond };
        const bucket = { tokens: left, at: 0 };
        const waitMs = waitForTokenMs(limiter, bucket, 0);
        expect(tokensAt(limiter, bucket, waitMs)).toBeGreaterThanOrEqual(1 - 1e-9);
        expect(tokensAt(limiter, bucket, waitMs - 2)).toBeLessThan(1);
      }),
    );
  });
});
