import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Event } from "../../../packages/widget/src/machine/events.ts";
import { wakeAt } from "../../../packages/widget/src/machine/state.ts";
import { viewOf } from "../../../packages/widget/src/machine/view.ts";
import { REFRESHES } from "../../../packages/widget/src/options/options.ts";
import { challenge, PASSED, Rig, type SETTINGS, TRACK } from "./builders.ts";

/** An event but for its turn, and the time that passes before it. */
type Move = readonly [waitMs: number, make: (turn: number) => Event];

const reasons = ["answer", "expired", "used", "too_early", "work", "score", "track"] as const;
const interactions = ["none", "checkbox", "slider"] as const;

const waits = fc.constantFrom(0, 1, 300, 1_000, 9_000, 180_000, 300_000);
/** Most answers are of this turn, some of an earlier one. */
const lag = fc.constantFrom(0, 0, 0, 0, 1);

const makers: fc.Arbitrary<Move[1]> = fc.oneof(
  fc
    .constantFrom("run", "interest", "another_picture", "closed", "due", "reset")
    .map((type) => () => ({ type }) as Event),
  fc.constant(() => ({ type: "ticked", track: TRACK }) as const),
  fc.constant(() => ({ type: "placed", answer: 100, track: TRACK }) as const),
  fc.constant(() => ({ type: "picture_declined", track: TRACK }) as const),
  fc.tuple(lag, fc.constantFrom(...interactions)).map(([late, interaction]) => (turn: number) => ({
    type: "asked" as const,
    turn: turn - late,
    answer: { kind: "challenge" as const, challenge: challenge(interaction) },
  })),
  lag.map((late) => (turn: number) => ({
    type: "proved" as const,
    turn: turn - late,
    nonces: [1, 2],
  })),
  fc.tuple(lag, fc.constantFrom(...interactions)).map(([late, interaction]) => (turn: number) => ({
    type: "judged" as const,
    turn: turn - late,
    judged: { kind: "again" as const, challenge: challenge(interaction) },
  })),
  lag.map((late) => (turn: number) => ({
    type: "judged" as const,
    turn: turn - late,
    judged: { kind: "passed" as const, passed: PASSED },
  })),
  fc.tuple(lag, fc.constantFrom(...reasons)).map(([late, reason]) => (turn: number) => ({
    type: "judged" as const,
    turn: turn - late,
    judged: { kind: "refused" as const, reason },
  })),
  fc
    .tuple(lag, fc.double({ min: 0, max: 1, noNaN: true }))
    .map(([late, chance]) => (turn: number) => ({
      type: "call_failed" as const,
      turn: turn - late,
      failure: { fault: "unavailable" as const, retryAfterMs: 0 },
      chance,
    })),
);
const moves = fc.array(fc.tuple(waits, makers), { maxLength: 60 });
const settings = fc.record({
  retries: fc.boolean(),
  refreshExpired: fc.constantFrom(...REFRESHES),
  refreshTimeout: fc.constantFrom(...REFRESHES),
  opensAtOnce: fc.boolean(),
});

const MANY = { numRuns: 2_000 };

/** Runs moves, and calls `look` after each with what it led to. */
function play(
  played: readonly Move[],
  changes: Partial<typeof SETTINGS>,
  look: (rig: Rig, event: Event, effects: ReturnType<Rig["on"]>) => void,
): void {
  const rig = new Rig(changes);
  for (const [waitMs, make] of played) {
    rig.nowMs += waitMs;
    const event = make(rig.model.turn);
    look(rig, event, rig.on(event));
  }
}

describe("whatever happens to a widget, in whatever order", () => {
  it("it holds a pass only after the service gave one, in this turn", () => {
    fc.assert(
      fc.property(moves, settings, (played, changes) => {
        let given = -1;
        play(played, changes, (rig, event) => {
          const isPass = event.type === "judged" && event.judged.kind === "passed";
          if (isPass && event.turn === rig.model.turn) given = event.turn;
          if (rig.phase === "passed") expect(given).toBe(rig.model.turn);
        });
      }),
      MANY,
    );
  });

  it("it does only what is of its turn, and asks or solves once at a time", () => {
    fc.assert(
      fc.property(moves, settings, (played, changes) => {
        play(played, changes, (rig, _event, effects) => {
          const calls = effects.filter((effect) => effect.do !== "tell");
          for (const call of calls) expect(call.turn).toBe(rig.model.turn);
          expect(new Set(calls.map((call) => call.do)).size).toBe(calls.length);
          expect(calls.filter((call) => call.do !== "prove").length).toBeLessThanOrEqual(1);
        });
      }),
      MANY,
    );
  });

  it("it sends no solution without a proof or before its time", () => {
    fc.assert(
      fc.property(moves, settings, (played, changes) => {
        let askedAtMs = 0;
        play(played, changes, (rig, event, effects) => {
          if (effects.some((effect) => effect.do === "prove")) askedAtMs = rig.nowMs;
          const solve = effects.find((effect) => effect.do === "solve");
          if (solve?.do !== "solve") return;
          expect(event.type).not.toBe("asked");
          expect(solve.solution.pow).toHaveLength(2);
          expect(rig.nowMs - askedAtMs).toBeGreaterThanOrEqual(challenge().minimumMs);
        });
      }),
      MANY,
    );
  });

  it("it is never woken for nothing: what is due at its time changes it", () => {
    fc.assert(
      fc.property(moves, settings, (played, changes) => {
        const rig = new Rig(changes);
        for (const [waitMs, make] of played) {
          rig.nowMs += waitMs;
          rig.on(make(rig.model.turn));
          const at = wakeAt(rig.model);
          if (at === null) continue;
          rig.nowMs = Math.max(rig.nowMs, at);
          const before = rig.model;
          rig.on({ type: "due" });
          expect(rig.model).not.toBe(before);
        }
      }),
      MANY,
    );
  });

  it("every panel that opens is told, and every one that closes", () => {
    fc.assert(
      fc.property(moves, settings, (played, changes) => {
        let isOpen = false;
        play(played, changes, (rig, _event, effects) => {
          for (const effect of effects) {
            if (effect.do !== "tell" || effect.tell.kind !== "panel") continue;
            expect(effect.tell.opens).toBe(!isOpen);
            isOpen = effect.tell.opens;
          }
          expect(viewOf(rig.model, "always").panel !== null).toBe(isOpen);
        });
      }),
      MANY,
    );
  });
});
