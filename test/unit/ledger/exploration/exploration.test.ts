import { describe, expect, test } from "vitest";
import { transition } from "../../../../durable-objects/ledger/record.ts";
import { decide, type Seat } from "../../../../workers/ledger/redemption.ts";
import { isWholeSearch, searchSize } from "../../../builders/search-size.ts";
import { afterHealing, explore } from "./explore.ts";
import {
  acceptedIn,
  type Faults,
  newWorld,
  otherSeat,
  RULES,
  type Rules,
  SEATS,
  type World,
} from "./world.ts";

/**
 * Requests that may arrive twice. The numbers of states are said in docs/ledger.md; a change of them is a change
 * of the protocol or of what is explored.
 */
const [COPIES, STATES, STATES_SOON] = isWholeSearch
  ? [1, { owner: 103_915, successor: 103_691 }, { owner: 45_651, successor: 59_270 }]
  : [0, { owner: 15_408, successor: 15_388 }, { owner: 7_129, successor: 8_850 }];

/** About so many states of three attempts are looked at, those nearest to the start. */
const STATES_OF_THREE = searchSize(30_000, Number.POSITIVE_INFINITY);

const NO_FAULT: Faults = { faulty: [], moves: 0, crashes: 0, copies: 0 };

/** Marks as ever, but forgets at once that the partner missed the record. */
const KEEPING_NO_DEBT: Rules["transition"] = (record, event, now) => {
  const after = transition(record, event, now);
  return after && event.type === "markSolo" ? { ...after, owedTo: [] } : after;
};

const isDoubled = (world: World) => acceptedIn(world).length > 1;

describe.for(SEATS)("with the %s unreachable, slow, late or crashing at any time", (seat) => {
  const faults: Faults = { faulty: [seat], moves: 1, crashes: 1, copies: COPIES };

  test("two attempts are never both accepted, and what was accepted is on both shards in the end", () => {
    const broken = (world: World, isAtRest: boolean) =>
      isDoubled(world) || staysApart(RULES)(world, isAtRest);
    const { states, counterexample } = explore(RULES, newWorld(["A", "B"], faults), broken);
    expect(counterexample).toBeNull();
    expect(states).toBe(STATES[seat]);
  });

  test("three attempts are never accepted twice", () => {
    const start = newWorld(["A", "B", "C"], { ...NO_FAULT, faulty: [seat] });
    expect(explore(RULES, start, isDoubled, STATES_OF_THREE).counterexample).toBeNull();
  });

  test("an attempt that nobody competes with is always accepted", () => {
    const refused = (world: World, isAtRest: boolean) =>
      isAtRest && acceptedIn(world).join() !== "A";
    const alone = { ...faults, moves: 0 };
    const { states, counterexample } = explore(RULES, newWorld(["A"], alone), refused);
    expect(counterexample).toBeNull();
    expect(states).toBeGreaterThan(100);
  });
});

test("nothing but the hand-over heals a shard that missed a record, and it does", () => {
  const start = newWorld(["A"], { ...NO_FAULT, faulty: ["owner"] });
  const withoutLateOnes = (rules: Rules) => (world: World, isAtRest: boolean) =>
    staysApart(rules)({ ...world, flying: [] }, isAtRest);
  const forgetful = { ...RULES, transition: KEEPING_NO_DEBT };
  expect(explore(forgetful, start, withoutLateOnes(forgetful)).counterexample).not.toBeNull();
  expect(explore(RULES, start, withoutLateOnes(RULES)).counterexample).toBeNull();
});

test.for(["durable", "soon"] as const)(
  "without faults exactly one of two attempts is accepted when claims are %s",
  (durability) => {
    const start = newWorld(["A", "B"], NO_FAULT, durability);
    const broken = (world: World, isAtRest: boolean) =>
      isDoubled(world) || (isAtRest && acceptedIn(world).length !== 1);
    expect(explore(RULES, start, broken).counterexample).toBeNull();
  },
);

describe.for(SEATS)("with claims that are stored soon, and the %s failing in any way,", (seat) => {
  const faults: Faults = { faulty: [seat], moves: 0, crashes: 1, copies: COPIES };
  const start = newWorld(["A", "B"], faults, "soon");

  test("two attempts are never both accepted", () => {
    const { states, counterexample } = explore(RULES, start, isDoubled);
    expect(counterexample).toBeNull();
    expect(states).toBe(STATES_SOON[seat]);
  });

  test("an attempt that nobody competes with is always accepted", () => {
    const refused = (world: World, isAtRest: boolean) =>
      isAtRest && acceptedIn(world).join() !== "A";
    const alone = newWorld(["A"], faults, "soon");
    expect(explore(RULES, alone, refused).counterexample).toBeNull();
  });

  test("a double redemption is found once the other shard fails as well", () => {
    const later = newWorld(["A", "B"], { ...faults, moves: 1, copies: 0 }, "soon");
    expect(explore(RULES, later, isDoubled).counterexample).not.toBeNull();
  });
});

test("an owner that forgot is believed at the price of a double redemption", () => {
  const BELIEVING: Rules["decide"] = (mine, { owner, successor }) =>
    decide(mine, {
      owner: typeof owner === "string" ? owner : { ...owner, remembersFrom: 0 },
      successor,
    });
  const start = newWorld(["A", "B"], { ...NO_FAULT, faulty: ["owner"], crashes: 1 }, "soon");
  expect(explore(RULES, start, isDoubled).counterexample).toBeNull();
  expect(explore({ ...RULES, decide: BELIEVING }, start, isDoubled).counterexample).not.toBeNull();
});

describe("the exploration finds the double redemption when", () => {
  const WITHOUT_SETTLING: Rules["decide"] = (mine, hearing) => {
    const step = decide(mine, hearing);
    return step.do === "settle" ? { do: "end", verdict: "accepted" } : step;
  };
  const withoutMarkAt =
    (seat: Seat): Rules["decide"] =>
    (mine, hearing) => {
      const step = decide(mine, hearing);
      const isLeftOut = step.do === "markSolo" && step.seat === seat;
      return isLeftOut ? { do: "end", verdict: "accepted" } : step;
    };
  const SETTLING_OVER_SOLO: Rules["transition"] = (record, event, now) =>
    transition(event.type === "settle" && record ? { ...record, solo: false } : record, event, now);

  test.for<[string, Partial<Rules>]>([
    [
      "an owner is believed while the successor may still decide otherwise",
      { decide: WITHOUT_SETTLING },
    ],
    ["the owner decides without a mark", { decide: withoutMarkAt("owner") }],
    ["the successor decides without a mark", { decide: withoutMarkAt("successor") }],
    ["a solo record can be settled over", { transition: SETTLING_OVER_SOLO }],
    ["a shard answers before it has committed", { answersWait: false }],
    ["nothing is handed over before the other shard fails", { transition: KEEPING_NO_DEBT }],
  ])("%s", ([, broken]) => {
    const found = SEATS.map((seat) => {
      const start = newWorld(["A", "B"], { faulty: [seat], moves: 1, crashes: 1, copies: 0 });
      return explore({ ...RULES, ...broken }, start, isDoubled).counterexample;
    });
    expect(found.some((way) => way !== null)).toBe(true);
  });

  test("both shards fail at once, which no rule that works with either one alone can stand", () => {
    const start = newWorld(["A", "B"], { ...NO_FAULT, faulty: SEATS });
    expect(explore(RULES, start, isDoubled).counterexample).not.toBeNull();
  });
});

/** Whether the shards still differ in what was decided once all faults have ceased. */
const staysApart =
  (rules: Rules) =>
  (world: World, isAtRest: boolean): boolean =>
    isAtRest && !isConverged(afterHealing(rules, world));

/** Whether nothing is owed, and both shards hold what was decided. */
function isConverged(world: World): boolean {
  const accepted = acceptedIn(world);
  return SEATS.every((seat) => {
    const record = world.shards[seat].committed;
    const other = world.shards[otherSeat(seat)].committed;
    if (record?.solo && other?.attempt !== record.attempt) return false;
    if (record !== null && record.owedTo.length > 0) return false;
    return accepted.length === 0 || record === null || accepted.includes(record.attempt);
  });
}
