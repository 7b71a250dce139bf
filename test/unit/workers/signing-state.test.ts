import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isSignedWith, signingStateOf } from "../../../workers/keys/index.ts";

const signatureOf = (secret: string, message: string) =>
  createHmac("sha256", secret).update(message).digest("hex");

describe("a signing state", () => {
  it("checks what was signed with its secret, as another implementation signs", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 64 }), fc.string(), (secret, message) => {
        fc.pre(Buffer.byteLength(secret) <= 64);
        const state = signingStateOf(secret);
        const signature = signatureOf(secret, message);
        expect(isSignedWith(state, message, signature)).toBe(true);
        expect(isSignedWith(state, message, signature.toUpperCase())).toBe(true);
        expect(isSignedWith(state, `${message}.`, signature)).toBe(false);
        expect(isSignedWith(state, message, signatureOf(`${secret}.`, message))).toBe(false);
      }),
    );
  });

  it("is not its secret, nor any part of it", () => {
    const secret = `ss_${"abcdefghij".repeat(6)}`;
    const state = signingStateOf(secret);
    expect(state).toMatch(/^[\w-]{86}$/);
    const bytes = Buffer.from(state, "base64url").toString("latin1");
    for (let at = 0; at + 4 <= secret.length; at += 1) {
      expect(state).not.toContain(secret.slice(at, at + 4));
      expect(bytes).not.toContain(secret.slice(at, at + 4));
    }
  });

  it.each(["", "AAAA", "é", "A".repeat(85), `${"A".repeat(86)}BB`])(
    "that is malformed checks nothing: %j",
    (state) => expect(isSignedWith(state, "m", signatureOf("", "m"))).toBe(false),
  );

  it.each(["", "00", "f".repeat(63), "f".repeat(65), `${"f".repeat(63)}\u0130`])(
    "refuses a signature that is none: %j",
    (signature) => expect(isSignedWith(signingStateOf("s"), "m", signature)).toBe(false),
  );

  it("takes a secret of one block at most", () => {
    expect(() => signingStateOf("s".repeat(65))).toThrow(RangeError);
  });
});
