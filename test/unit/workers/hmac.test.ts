import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hmacKeyBytes, hmacKeyOf, hmacSha256, readHmacKey } from "../../../workers/keys/hmac.ts";

const secrets = fc.uint8Array({ maxLength: 64 });
const messages = fc.uint8Array({ maxLength: 300 });

describe("HMAC-SHA-256", () => {
  it("is what another implementation makes", () => {
    fc.assert(
      fc.property(secrets, messages, (secret, message) => {
        const expected = createHmac("sha256", secret).update(message).digest("hex");
        const made = hmacSha256(hmacKeyOf(secret), message);
        expect(Buffer.from(made).toString("hex")).toBe(expected);
      }),
    );
  });

  it("leaves its key as it was", () => {
    const key = hmacKeyOf(Uint8Array.of(1, 2, 3));
    const message = new Uint8Array(130);
    expect(hmacSha256(key, message)).toEqual(hmacSha256(key, message));
  });

  it("takes a secret of one block at most", () => {
    expect(() => hmacKeyOf(new Uint8Array(65))).toThrow(RangeError);
  });
});

describe("a key as bytes", () => {
  it("makes the same signatures when it is read again", () => {
    fc.assert(
      fc.property(secrets, messages, (secret, message) => {
        const key = hmacKeyOf(secret);
        const read = readHmacKey(hmacKeyBytes(key));
        expect(read && hmacSha256(read, message)).toEqual(hmacSha256(key, message));
      }),
    );
  });

  it.each([0, 32, 63, 65])("is none of %i bytes", (length) => {
    expect(readHmacKey(new Uint8Array(length))).toBeNull();
  });
});
