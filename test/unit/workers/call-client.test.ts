import { type ClientId, ok } from "@sluice/protocol";
import { describe, expect, it } from "vitest";
import { callClient } from "../../../workers/dispatch/call-client.ts";
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
