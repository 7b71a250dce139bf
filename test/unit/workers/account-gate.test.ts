import type { AccountId } from "@sluice/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AccountLimits } from "../../../durable-objects/registry/rpc.ts";
import { AccountGate, type Pass } from "../../../workers/front/account-gate.ts";
import { accountRecord } from "../../builders/published-records.ts";
import { NOW } from "./front-fixture.ts";

const MINUTE_MS = 60_000;

function accountWith(limits: Partial<AccountLimits>, name = "ac_a") {
  return accountRecord(name as AccountId, { limits });
}

/** Lets in as many of `count` requests as it can; the passes of those. */
function enterMany(gate: AccountGate, limits: Partial<AccountLimits>, count: number, now = NOW) {
  const outcomes = Array.from({ length: count }, () => gate.enter(accountWith(limits), now));
  return outcomes.flatMap((outcome) => (outcome.ok ? [outcome.value] : []));
}

describe("the requests of an account under way", () => {
  it("are bounded, and each that ends makes room for one", () => {
    const gate = new AccountGate();
    const limits = { requestsInFlight: 3 };
    const passes = enterMany(gate, limits, 10);
    expect(passes).toHaveLength(3);
    gate.leave(passes[0] as Pass);
    expect(enterMany(gate, limits, 10)).toHaveLength(1);
  });

  it("over the bound are told to come back in a second", () => {
    const gate = new AccountGate();
    const account = accountWith({ requestsInFlight: 1 });
    gate.enter(account, NOW);
    expect(gate.enter(account, NOW)).toMatchObject({
      error: { code: "rate_limited", retryAfterSeconds: 1 },
    });
  });

  it("can be asked for without taking one", () => {
    const gate = new AccountGate();
    const account = accountWith({ requestsInFlight: 1, requestsPerMinute: 1 });
    for (let n = 0; n < 3; n += 1) expect(gate.look(account, NOW).ok).toBe(true);
    expect(gate.enter(account, NOW).ok).toBe(true);
    expect(gate.look(account, NOW)).toEqual(gate.enter(account, NOW));
  });

  it("take no room from another account", () => {
    const gate = new AccountGate();
    enterMany(gate, { requestsInFlight: 2 }, 10);
    expect(gate.enter(accountWith({ requestsInFlight: 1 }, "ac_b"), NOW).ok).toBe(true);
  });

  it("that never ended stop counting after a minute", () => {
    const gate = new AccountGate();
    const limits = { requestsInFlight: 2 };
    enterMany(gate, limits, 2);
    expect(enterMany(gate, limits, 1, NOW + MINUTE_MS - 1)).toHaveLength(0);
    expect(enterMany(gate, limits, 5, NOW + MINUTE_MS)).toHaveLength(2);
  });

  it("are as many as the bound says and no more, whatever comes and goes", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5 }), fc.array(fc.boolean()), (most, steps) => {
        const gate = new AccountGate();
        const inside: Pass[] = [];
        for (const comes of steps) {
          if (comes) inside.push(...enterMany(gate, { requestsInFlight: most }, 1));
          else for (const pass of inside.splice(0, 1)) gate.leave(pass);
          expect(inside.length).toBeLessThanOrEqual(most);
        }
        expect(enterMany(gate, { requestsInFlight: most }, 9)).toHaveLength(most - inside.length);
      }),
    );
  });
});

describe("the rate of an account", () => {
  it("is a minute's requests at once, and then as many as time brings", () => {
    const gate = new AccountGate();
    const limits = { requestsPerMinute: 60 };
    expect(enterMany(gate, limits, 100)).toHaveLength(60);
    expect(enterMany(gate, limits, 100, NOW + 999)).toHaveLength(0);
    expect(enterMany(gate, limits, 100, NOW + 5_000)).toHaveLength(5);
    expect(enterMany(gate, limits, 100, NOW + 10 * MINUTE_MS)).toHaveLength(60);
  });

  it("says when the next request may come", () => {
    const gate = new AccountGate();
    enterMany(gate, { requestsPerMinute: 6 }, 6);
    expect(gate.enter(accountWith({ requestsPerMinute: 6 }), NOW + 4_000)).toMatchObject({
      error: { code: "rate_limited", retryAfterSeconds: expect.closeTo(6, 5) },
    });
  });

  it("of nothing lets nothing in, and says to wait", () => {
    expect(new AccountGate().enter(accountWith({ requestsPerMinute: 0 }), NOW)).toMatchObject({
      error: { retryAfterSeconds: 60 },
    });
  });

  it("is not used up by requests that are refused for being too many at a time", () => {
    const gate = new AccountGate();
    const limits = { requestsPerMinute: 5, requestsInFlight: 1 };
    const [pass] = enterMany(gate, limits, 100);
    gate.leave(pass as Pass);
    expect(enterMany(gate, limits, 1)).toHaveLength(1);
  });

  it("survives a clock that goes back", () => {
    const gate = new AccountGate();
    enterMany(gate, { requestsPerMinute: 3 }, 3);
    expect(enterMany(gate, { requestsPerMinute: 3 }, 3, NOW - MINUTE_MS)).toHaveLength(0);
  });
});

it("remembers a bounded number of accounts, and forgets the one that was quiet longest", () => {
  const gate = new AccountGate(2);
  const spend = (name: string) => gate.enter(accountWith({ requestsPerMinute: 1 }, name), NOW).ok;
  expect(["ac_a", "ac_b", "ac_a", "ac_c", "ac_a", "ac_b"].map(spend)).toEqual([
    true,
    true,
    false,
    true,
    false,
    true,
  ]);
});
