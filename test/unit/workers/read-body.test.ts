import { describe, expect, it } from "vitest";
import { readBody, readRequestBody } from "../../../workers/front/read-body.ts";

const KIB = 1024;

/** A body of the given parts, then its end. */
function bodyOf(...parts: Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull(controller) {
      const part = parts.shift();
      if (part === undefined) controller.close();
      else controller.enqueue(part);
    },
  });
}

/** A body that goes on for as long as someone reads; tells how much was taken and whether it was told to stop. */
function endlessBody() {
  const seen = { bytes: 0, cancelled: false };
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      seen.bytes += KIB;
      controller.enqueue(new Uint8Array(KIB).fill(97));
    },
    cancel() {
      seen.cancelled = true;
    },
  });
  return { stream, seen };
}

const utf8 = (text: string) => new TextEncoder().encode(text);

describe("readBody", () => {
  it("yields the text, also where a character is split between parts", async () => {
    const [first, ...rest] = utf8("\u20acuro");
    const parts = [Uint8Array.of(first ?? 0), Uint8Array.from(rest)];
    expect(await readBody(bodyOf(...parts), 100, "refused")).toEqual({
      ok: true,
      value: "\u20acuro",
    });
  });

  it("yields nothing where there is no body", async () => {
    expect(await readBody(null, 100, "refused")).toEqual({ ok: true, value: "" });
  });

  it("takes a body of exactly the cap, and not one byte more", async () => {
    expect((await readBody(bodyOf(new Uint8Array(100)), 100, "refused")).ok).toBe(true);
    expect(
      await readBody(bodyOf(new Uint8Array(100), new Uint8Array(1)), 100, "refused"),
    ).toMatchObject({
      error: { code: "body_too_large" },
    });
  });

  it("stops at the cap of a body that never ends, and says so to its sender", async () => {
    const { stream, seen } = endlessBody();
    expect(await readBody(stream, 10 * KIB, "refused")).toMatchObject({
      error: { code: "body_too_large" },
    });
    expect(seen.cancelled).toBe(true);
    expect(seen.bytes).toBeLessThanOrEqual(13 * KIB);
  });

  it.each([
    ["a stray byte", [0xff]],
    ["an overlong form", [0xc0, 0xaf]],
    ["a lone surrogate", [0xed, 0xa0, 0x80]],
    ["a character cut off by the end", [0xe2, 0x82]],
  ])("refuses what is not UTF-8: %s", async (_what, bytes) => {
    expect(await readBody(bodyOf(Uint8Array.from(bytes)), 100, "refused")).toMatchObject({
      error: { code: "bad_request" },
    });
  });

  it("replaces it where that is asked for", async () => {
    const bytes = Uint8Array.of(0x61, 0xff, 0x62);
    expect(await readBody(bodyOf(bytes), 100, "replaced")).toEqual({ ok: true, value: "a\ufffdb" });
  });

  it("refuses a body whose sender went away", async () => {
    const broken = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.error(new Error("SECRET")),
    });
    const outcome = await readBody(broken, 100, "refused");
    expect(outcome).toMatchObject({ error: { code: "bad_request" } });
    expect(JSON.stringify(outcome)).not.toMatch("SECRET");
  });
});

describe("readRequestBody", () => {
  const NO_UTF8 = Uint8Array.of(0x61, 0xff, 0x62);
  const requestOf = (body: BodyInit, length?: number) =>
    new Request("http://localhost/", {
      method: "POST",
      body,
      headers: length === undefined ? {} : { "content-length": String(length) },
    });

  it.each([
    ["of a stated length", 3],
    ["of an unknown length", undefined],
  ])(
    "refuses or replaces what is not UTF-8, as it is told, in a body %s",
    async (_what, length) => {
      expect(await readRequestBody(requestOf(NO_UTF8, length), 100, "refused")).toMatchObject({
        error: { code: "bad_request" },
      });
      expect(await readRequestBody(requestOf(NO_UTF8, length), 100, "replaced")).toEqual({
        ok: true,
        value: "a\ufffdb",
      });
    },
  );

  it("counts a body that states more than it may have", async () => {
    expect(await readRequestBody(requestOf("x".repeat(101), 101), 100, "replaced")).toMatchObject({
      error: { code: "body_too_large" },
    });
  });
});
