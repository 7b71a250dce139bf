import { ok } from "@sluice/protocol";
import { describe, expect, it } from "vitest";
import { findTask, schedule } from "../../../workers/dispatch/entrypoint.ts";
import { enrolledClient, OTHER_ACCOUNT, startFront } from "./front-fixture.ts";

describe("a call by another Worker", () => {
  it("schedules what HTTP would", async () => {
    const front = startFront({ answers: { schedule: async () => ok("[]") } });
    const { clientId } = await enrolledClient();
    const outcome = await schedule(front.context, clientId, [{ kind: "a", args: { n: 1 } }]);
    expect(outcome).toEqual({ ok: true, value: [] });
    expect(front.clients.calls).toMatchObject([
      { name: clientId, method: "schedule", args: [{ lines: '"kind":"a","args":{"n":1}' }] },
    ]);
  });

  it("finds a task", async () => {
    const front = startFront();
    const { clientId } = await enrolledClient();
    await findTask(front.context, clientId, "tk_1");
    expect(front.clients.calls).toEqual([{ name: clientId, method: "getTask", args: ["tk_1"] }]);
  });

  it("is checked as strictly", async () => {
    const front = startFront();
    const { clientId } = await enrolledClient();
    const foreign = (await enrolledClient(OTHER_ACCOUNT)).clientId;
    const codes = await Promise.all(
      [
        schedule(front.context, "cl_x", [{ kind: "a" }]),
        schedule(front.context, foreign, [{ kind: "a" }]),
        schedule(front.context, clientId, []),
        schedule(front.context, clientId, { length: 1 }),
        schedule(front.context, clientId, [{ kind: "a" }, { kind: "" }]),
        schedule(
          front.context,
          clientId,
          Array(40).fill({ kind: "a", args: { x: "x".repeat(250_000) } }),
        ),
        findTask(front.context, clientId, "no such"),
      ].map(async (outcome) => {
        const refused = await outcome;
        return refused.ok ? "accepted" : refused.error.code;
      }),
    );
    expect(codes).toEqual([
      "not_found",
      "not_found",
      "invalid_task",
      "invalid_task",
      "invalid_task",
      "body_too_large",
      "not_found",
    ]);
    expect(front.clients.stubs).toBe(0);
  });
});
