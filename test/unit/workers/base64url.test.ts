import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeBase64url, encodeBase64url } from "../../../workers/keys/base64url.ts";

describe("base64url", () => {
  it("is what Node writes, and comes back as it was", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const text = Buffer.from(bytes).toString("base64url");
        expect(encodeBase64url(bytes)).toBe(text);
        expect(decodeBase64url(text)).toEqual(new Uint8Array(bytes));
      }),
    );
  });

  it("takes a text only if it is the one that its bytes are written as", () => {
    const alphabet = fc.constantFrom(..."AQgw-_9z+/= é\u0000".split(""));
    fc.assert(
      fc.property(fc.string({ unit: alphabet, maxLength: 12 }), (text) => {
        const bytes = decodeBase64url(text);
        const isCanonical = Buffer.from(text, "base64url").toString("base64url") === text;
        expect(bytes !== null).toBe(isCanonical);
      }),
    );
  });

  it.each(["AB", "AAB", "A", "AAAAA", "AA==", "AA\u0141A", "AA\u{1f600}"])("refuses %j", (text) => {
    expect(decodeBase64url(text)).toBeNull();
  });
});
