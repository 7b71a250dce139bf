import { CLOSE_CODES } from "@sluice/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stepConnection } from "../../../packages/sdk/src/client/connection.ts";
import {
  type ConnectionEvent,
  type ConnectionState,
  connectionWakeAt,
  type Ending,
  type Step,
} from "../../../packages/sdk/src/client/connection-state.ts";

const POLICY = {
  backoff: { baseMs: 1_000, capMs: 300_000 },
  greetingTimeoutMs: 30_000,
  stableMs: 10_000,
  supersededMs: 60_000,
};
const HEARTBEAT_MS = 30_000;

function step(state: ConnectionState, event: ConnectionEvent, now = 0, random = 0.5): Step {
  return stepConnection(state, event, { now, random }, POLICY);
}

/** The state after some events at time 0. */
function following(...events: ConnectionEvent[]): ConnectionState {
  return events.reduce<ConnectionState>((state, event) => step(state, event).state, {
    phase: "idle",
  });
}

const welcomed: ConnectionEvent = { type: "welcomed", epoch: 3, heartbeatMs: HEARTBEAT_MS };
const online = () => following({ type: "start" }, { type: "opened" }, welcomed);
const closedWith = (code: number): ConnectionEvent => ({
  type: "ended",
  ending: { kind: "closed", code, reason: "" },
});
const refusedWith = (status: number, retryAfterMs = 0): ConnectionEvent => ({
  type: "ended",
  ending: { kind: "refused", status, retryAfterMs },
});

describe("coming online", () => {
  it("opens, greets, and is online with the epoch of the welcome", () => {
    const opening = step({ phase: "idle" }, { type: "start" });
    expect(opening.effects).toEqual([{ type: "open" }]);
    const greeting = step(opening.state, { type: "opened" });
    expect(greeting.effects).toEqual([{ type: "greet" }]);
    expect(step(greeting.state, welcomed).state).toMatchObject({ phase: "online", epoch: 3 });
  });

  it("gives up a socket that brings no welcome in time", () => {
    const { state, effects } = step(
      following({ type: "start" }, { type: "opened" }),
      { type: "woke" },
      30_000,
    );
    expect(effects[0]).toEqual({ type: "terminate", cause: "no_welcome" });
    expect(state.phase).toBe("waiting");
  });

  it("starts once", () => {
    expect(step(online(), { type: "start" }).effects).toEqual([]);
  });
});

describe("the heartbeat", () => {
  it("pings after an interval with jitter on both sides", () => {
    const at = (random: number) =>
      connectionWakeAt(
        step(following({ type: "start" }, { type: "opened" }), welcomed, 0, random).state,
      );
    expect(at(0)).toBeCloseTo(27_000);
    expect(at(0.5)).toBeCloseTo(30_000);
    expect(at(1)).toBeCloseTo(33_000);
  });

  it("takes the connection for half-open when two pings stayed unanswered", () => {
    const first = step(online(), { type: "woke" }, 30_000);
    const second = step(first.state, { type: "woke" }, 60_000);
    const third = step(second.state, { type: "woke" }, 90_000);
    expect(first.effects).toEqual([{ type: "ping" }]);
    expect(second.effects).toEqual([{ type: "ping" }]);
    expect(third.effects[0]).toEqual({ type: "terminate", cause: "half_open" });
    expect(third.state.phase).toBe("waiting");
  });

  it("goes on as long as anything is heard", () => {
    let state = online();
    for (let now = 30_000; now < 600_000; now += 30_000) {
      const woke = step(state, { type: "woke" }, now);
      expect(woke.effects).toEqual([{ type: "ping" }]);
      state = step(woke.state, { type: "heard" }, now).state;
    }
  });

  it("does nothing when it is woken too soon", () => {
    expect(step(online(), { type: "woke" }, 29_999).effects).toEqual([]);
  });
});

describe("after an ending", () => {
  it.each([
    ["a revoked client", closedWith(CLOSE_CODES.revoked), "revoked"],
    ["a token that is unknown", closedWith(CLOSE_CODES.unauthenticated), "unauthenticated"],
    ["an upgrade refused with 401", refusedWith(401), "unauthenticated"],
    ["an upgrade refused with 403", refusedWith(403), "revoked"],
  ] as const)("stops for good: %s", (_, event, reason) => {
    const ended = step(online(), event);
    expect(ended.state).toEqual({ phase: "final", reason });
    expect(ended.effects).toEqual([{ type: "final", reason }]);
    expect(connectionWakeAt(ended.state)).toBeNull();
  });

  it.each([CLOSE_CODES.protocol, CLOSE_CODES.noHello, CLOSE_CODES.tooLarge, 1001, 1006])(
    "comes back after code %i",
    (code) => {
      const { state } = step(online(), closedWith(code));
      expect(state).toMatchObject({ phase: "waiting", failures: 1, until: 500 });
      expect(step(state, { type: "woke" }, 500).effects).toEqual([{ type: "open" }]);
    },
  );

  it("backs off further each time a short connection ends", () => {
    let state = online();
    const delays: number[] = [];
    for (let now = 0, round = 0; round < 4; round++) {
      state = step(state, closedWith(1006), now).state;
      const wakeAt = connectionWakeAt(state) ?? 0;
      delays.push(wakeAt - now);
      now = wakeAt;
      for (const event of [{ type: "woke" }, { type: "opened" }, welcomed] as const) {
        state = step(state, event, now).state;
      }
    }
    expect(delays).toEqual([500, 1_000, 2_000, 4_000]);
  });

  it("forgets its failures once a connection was stable, but not those it is blamed for", () => {
    const shaky = { ...online(), failures: 6 } as ConnectionState;
    const wait = (code: number) => step(shaky, closedWith(code), 10_000).state;
    expect(wait(1006)).toMatchObject({ failures: 1 });
    expect(wait(CLOSE_CODES.protocol)).toMatchObject({ failures: 7 });
  });

  it("does not fight with the machine that took its place", () => {
    const { state } = step(online(), closedWith(CLOSE_CODES.superseded), 10_000, 0);
    expect(connectionWakeAt(state)).toBe(70_000);
  });

  it("waits at least what a refused upgrade asks for", () => {
    const connecting = following({ type: "start" });
    expect(connectionWakeAt(step(connecting, refusedWith(503, 5_000), 0, 0).state)).toBe(5_000);
    expect(connectionWakeAt(step(connecting, refusedWith(429, 5_000), 0, 0.5).state)).toBe(5_500);
  });

  it("waits at least what a bye asked for, even if the close frame never came", () => {
    const told = following({ type: "start" }, { type: "opened" }, welcomed, {
      type: "farewell",
      code: CLOSE_CODES.comeBackLater,
      retryAfterMs: 9_000,
    });
    const failed: Ending = { kind: "failed" };
    expect(connectionWakeAt(step(told, { type: "ended", ending: failed }, 0, 0).state)).toBe(9_000);
  });

  it.each<Ending>([{ kind: "failed" }, { kind: "closed", code: 1006, reason: "" }])(
    "takes a bye's code where the close frame was lost: %j",
    (ending) => {
      const told = following({ type: "start" }, { type: "opened" }, welcomed, {
        type: "farewell",
        code: CLOSE_CODES.revoked,
        retryAfterMs: 0,
      });
      expect(step(told, { type: "ended", ending }).state.phase).toBe("final");
    },
  );
});

describe("stopping", () => {
  it("closes an open socket and is final", () => {
    const { state, effects } = step(online(), { type: "stop" });
    expect(effects).toEqual([{ type: "close" }, { type: "final", reason: "stopped" }]);
    expect(step(state, { type: "start" }).state).toBe(state);
  });
});

describe("whatever happens", () => {
  const events = fc.oneof(
    fc.constantFrom<ConnectionEvent>(
      { type: "start" },
      { type: "opened" },
      welcomed,
      { type: "heard" },
      { type: "woke" },
      { type: "farewell", code: 4503, retryAfterMs: 100 },
      { type: "ended", ending: { kind: "failed" } },
    ),
    fc.constantFrom(1006, 4400, 4401, 4403, 4409).map(closedWith),
  );

  it("waits for something in every phase but the first and the last, and opens one socket at a time", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(events, fc.nat(100_000)), { maxLength: 60 }), (history) => {
        let state: ConnectionState = { phase: "idle" };
        let open = false;
        let now = 0;
        for (const [event, elapsedMs] of history) {
          now += elapsedMs;
          const next = step(state, event, now, 0.3);
          for (const { type } of next.effects) {
            if (type === "open") expect(open).toBe(false);
          }
          state = next.state;
          open = ["connecting", "greeting", "online"].includes(state.phase);
          const mustWait = state.phase !== "idle" && state.phase !== "final";
          expect(connectionWakeAt(state) !== null).toBe(mustWait);
        }
      }),
    );
  });
});
