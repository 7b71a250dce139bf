import { type ClientId, ok } from "@sluice/protocol";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { callClient } from "../../../workers/dispatch/call-client.ts";
import { OBJECT_TIMEOUT_MS } from "../../../workers/front/call-object.ts";
import { startFront } from "./front-fixture.ts";

const CLIENT = "cl_1" as ClientId;
const failing = (flags: object) => Object.assign(new Error("SECRET"), flags);

/** A front whose objects throw these errors in turn and then answer. */
function frontThatThrows(...errors: unknown[]) {
  return startFront({
    answers: {
      remove: async () => {
        if (errors.length > 0) throw errors.shift();
        return ok({ hadPlace: true });
      },
    },
  });
}

describe("a call that fails on its way", () => {
  it("is made once more, on a fresh stub, when it may be and that can help", async () => {
    const front = frontThatThrows(failing({ retryable: true }));
    const outcome = await callClient(front.context, CLIENT, "repeatable", (c) => c.remove());
    expect(outcome).toEqual({ ok: true, value: { hadPlace: true } });
    expect(front.clients.stubs).toBe(2);
  });

  it.each([
    ["it may be made once only", "once", { retryable: true }],
    ["the object is overloaded", "repeatable", { retryable: true, overloaded: true }],
    ["a second try cannot help", "repeatable", {}],
  ] as const)("is not made again when %s", async (_why, repeatable, flags) => {
    const front = frontThatThrows(failing(flags));
    const outcome = await callClient(front.context, CLIENT, repeatable, (c) => c.remove());
    expect(outcome).toMatchObject({ error: { code: "unavailable", retryAfterSeconds: 5 } });
    expect(front.clients.stubs).toBe(1);
  });

  it("is given up after the second time", async () => {
    const errors = Array.from({ length: 5 }, () => failing({ retryable: true }));
    const front = frontThatThrows(...errors);
    const outcome = await callClient(front.context, CLIENT, "repeatable", (c) => c.remove());
    expect(outcome.ok).toBe(false);
    expect(front.clients.stubs).toBe(2);
  });

  it("is logged by its kind and place, without its message", async () => {
    const front = frontThatThrows(failing({ retryable: true, overloaded: true }));
    await callClient(front.context, CLIENT, "repeatable", (c) => c.remove());
    expect(JSON.parse(front.log[0] ?? "")).toMatchObject({
      event: "client.call_failed",
      error: "Error",
      flags: ["overloaded", "retryable"],
      requestId: front.context.requestId,
    });
    expect(front.log.join()).not.toMatch("SECRET");
  });

  it("may have thrown anything at all", async () => {
    for (const thrown of ["text", null, undefined, { retryable: true }]) {
      const front = frontThatThrows(thrown);
      const outcome = await callClient(front.context, CLIENT, "repeatable", (c) => c.remove());
      expect(outcome).toMatchObject({ error: { code: "unavailable" } });
    }
  });
});

describe("a call that is not answered", () => {
  const { promise: never } = Promise.withResolvers<never>();
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** What has come of a call after so long; null for nothing yet. */
  async function heard<Value>(ms: number, call: Promise<Value>): Promise<Value | null> {
    let outcome: Value | null = null;
    void call.then((value) => {
      outcome = value;
    });
    await vi.advanceTimersByTimeAsync(ms);
    return outcome;
  }

  it("is given up in time, not made again, and logged", async () => {
    const front = startFront({ answers: { remove: () => never } });
    const call = callClient(front.context, CLIENT, "repeatable", (c) => c.remove());
    expect(await heard(OBJECT_TIMEOUT_MS - 1, call)).toBeNull();
    expect(await heard(1, call)).toMatchObject({
      error: { code: "unavailable", retryAfterSeconds: 5 },
    });
    expect(front.clients.stubs).toBe(1);
    const line = { event: "client.call_failed", error: "LateError", retrying: false };
    expect(JSON.parse(front.log[0] ?? "")).toMatchObject(line);
  });

  it("is waited for as long as its caller says", async () => {
    const front = startFront({ answers: { remove: () => never } });
    const ms = 3 * OBJECT_TIMEOUT_MS;
    const call = callClient(front.context, CLIENT, "once", (c) => c.remove(), ms);
    expect(await heard(ms - 1, call)).toBeNull();
    expect(await heard(1, call)).toMatchObject({ ok: false });
  });

  it("may fail later with nobody to hear it", async () => {
    const { promise, reject } = Promise.withResolvers<never>();
    const front = startFront({ answers: { remove: () => promise } });
    const call = callClient(front.context, CLIENT, "once", (c) => c.remove());
    expect(await heard(OBJECT_TIMEOUT_MS, call)).toMatchObject({ ok: false });
    reject(new Error("SECRET"));
    expect(front.log).toHaveLength(1);
  });
});
