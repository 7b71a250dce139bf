import { ok } from "@sluice/protocol";
import { describe, expect, it } from "vitest";
import { findTask, schedule } from "../../../workers/dispatch/entrypoint.ts";
import { FIRST_ACCOUNT, formatAccountId } from "../../../workers/keys/index.ts";
import { accountRecord, PublishedRecords } from "../../builders/published-records.ts";
import { enrolledClient, NOW, OTHER_ACCOUNT, startFront } from "./front-fixture.ts";

describe("a call by another Worker", () => {
  it("schedules what HTTP would", async () => {
    const front = startFront({ answers: { schedule: async () => ok("[]") } });
    const { clientId } = await enrolledClient();
    const outcome = await schedule(front.context, {}, clientId, [{ kind: "a", args: { n: 1 } }]);
    expect(outcome).toEqual({ ok: true, value: [] });
    expect(front.clients.calls).toMatchObject([
      { name: clientId, method: "schedule", args: [{ lines: '"kind":"a","args":{"n":1}' }] },
    ]);
  });

  it("finds a task", async () => {
    const front = startFront();
    const { clientId } = await enrolledClient();
    await findTask(front.context, {}, clientId, "tk_1");
    expect(front.clients.calls).toEqual([{ name: clientId, method: "getTask", args: ["tk_1"] }]);
  });

  it("is checked as strictly", async () => {
    const front = startFront();
    const { clientId } = await enrolledClient();
    const foreign = (await enrolledClient(OTHER_ACCOUNT)).clientId;
    const codes = await Promise.all(
      [
        schedule(front.context, {}, "cl_x", [{ kind: "a" }]),
        schedule(front.context, {}, foreign, [{ kind: "a" }]),
        schedule(front.context, {}, clientId, []),
        schedule(front.context, {}, clientId, { length: 1 }),
        schedule(front.context, {}, clientId, [{ kind: "a" }, { kind: "" }]),
        schedule(
          front.context,
          {},
          clientId,
          Array(40).fill({ kind: "a", args: { x: "x".repeat(250_000) } }),
        ),
        findTask(front.context, {}, clientId, "no such"),
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

  it("acts for the account that its binding names", async () => {
    const front = startFront();
    const foreign = (await enrolledClient(OTHER_ACCOUNT)).clientId;
    const props = { account: formatAccountId(OTHER_ACCOUNT) };
    expect(await findTask(front.context, props, foreign, "tk_1")).toMatchObject({ ok: true });
    const own = (await enrolledClient()).clientId;
    for (const [wrong, client] of [
      [props, own],
      [{ account: "ac_x" }, foreign],
    ] as const) {
      const refused = await findTask(front.context, wrong, client, "tk_1");
      expect(refused).toMatchObject({ error: { code: "not_found" } });
    }
  });

  it("may do nothing for an account that is suspended, and counts against its limits", async () => {
    const account = formatAccountId(FIRST_ACCOUNT);
    const { clientId } = await enrolledClient();
    const verdicts = await Promise.all(
      [{ suspendedAtMs: NOW }, { limits: { requestsPerMinute: 0 } }].map(async (overrides) => {
        const records = new PublishedRecords();
        records.publish("account", account, accountRecord(account, overrides));
        const front = startFront({ records });
        const refused = await findTask(front.context, {}, clientId, "tk_1");
        return refused.ok ? "accepted" : refused.error.code;
      }),
    );
    expect(verdicts).toEqual(["account_suspended", "rate_limited"]);
  });
});
