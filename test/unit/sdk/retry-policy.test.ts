import { LIMITS, parseScheduleBody, type TaskSpec } from "@sluice/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEFAULT_RETRY, retryDelayMs } from "../../../packages/sdk/src/operator/retry-policy.ts";
import { SluiceError } from "../../../packages/sdk/src/operator/sluice-error.ts";
import { splitTasks } from "../../../packages/sdk/src/operator/split-tasks.ts";
import { retryAfterMs } from "../../../packages/sdk/src/retry-after.ts";

const failure = (status: number, retryMs = 0, code = "unavailable") =>
  new SluiceError(code, "", { status, retryAfterMs: retryMs });
const delay = (error: SluiceError, repeatable: boolean, attempt = 1, random = 0.5) =>
  retryDelayMs(error, repeatable, attempt, random, DEFAULT_RETRY);

describe("whether a call is tried again", () => {
  it.each([
    // status, a call that may be repeated, one that may not
    [0, true, false],
    [400, false, false],
    [401, false, false],
    [403, false, false],
    [404, false, false],
    [409, false, false],
    [413, false, false],
    [429, true, true],
    [500, true, false],
    [502, true, false],
    [503, true, false],
    [504, true, false],
  ])("after %i: %s if it may be repeated, %s if not", (status, repeatable, unrepeatable) => {
    const error = failure(status, 0, status === 0 ? "network" : "whatever");
    expect(delay(error, true) !== null).toBe(repeatable);
    expect(delay(error, false) !== null).toBe(unrepeatable);
  });

  it("ends with the attempts", () => {
    const last = DEFAULT_RETRY.attempts;
    expect(delay(failure(503), true, last - 1)).not.toBeNull();
    expect(delay(failure(503), true, last)).toBeNull();
  });

  it("waits longer each time, and never less than the service asks", () => {
    const delays = [1, 2, 3].map((attempt) => delay(failure(503), true, attempt));
    expect(delays).toEqual([125, 250, 500]);
    expect(delay(failure(503, 2_000), true, 1, 0)).toBe(2_000);
  });
});

describe("Retry-After", () => {
  const now = Date.parse("2026-11-23T10:00:00Z");

  it.each([
    ["120", 120_000],
    ["0", 0],
    ["Mon, 23 Nov 2026 10:00:30 GMT", 30_000],
    ["Mon, 23 Nov 2026 09:00:00 GMT", 0],
    ["soon", 0],
    ["-5", 0],
    ["", 0],
    [null, 0],
    [undefined, 0],
  ])("%j is %i ms", (value, expected) => {
    expect(retryAfterMs(value, now)).toBe(expected);
  });
});

describe("splitting tasks over calls", () => {
  const specs: fc.Arbitrary<TaskSpec[]> = fc.array(
    fc.record({
      kind: fc.constantFrom("a", "b.c"),
      args: fc.record({ text: fc.string({ unit: "binary-ascii", maxLength: 20 }) }),
      priority: fc.nat(9),
    }),
    { maxLength: 30 },
  );

  it("makes bodies that the service parses to the same tasks, in their order", () => {
    fc.assert(
      fc.property(specs, (tasks) => {
        const parts = [...splitTasks(tasks, (index) => `key-${index}`)];
        const parsed = parts.flatMap(({ body }) => {
          const result = parseScheduleBody(body, "json");
          return result.ok ? result.value : expect.fail(result.error.detail);
        });
        expect(
          parsed.map(({ kind, argsJson, priority }) => ({ kind, argsJson, priority })),
        ).toEqual(
          tasks.map(({ kind, args, priority }) => ({
            kind,
            argsJson: JSON.stringify(args),
            priority,
          })),
        );
        expect(parsed.map((task) => task.idempotencyKey)).toEqual(tasks.map((_, n) => `key-${n}`));
      }),
    );
  });

  it("fills each call as far as it goes", () => {
    const tasks = Array.from({ length: LIMITS.callTasks * 2 + 5 }, () => ({ kind: "a" }));
    const counts = [...splitTasks(tasks, null)].map(({ count }) => count);
    expect(counts).toEqual([LIMITS.callTasks, LIMITS.callTasks, 5]);
  });

  it("sends a task that no call can carry by itself, for the service to refuse", () => {
    const large = { kind: "a", args: { text: "x".repeat(LIMITS.callBytes) } };
    const counts = [...splitTasks([large, { kind: "a" }, large], null)];
    expect(counts.map(({ count }) => count)).toEqual([1, 1, 1]);
  });
});
