import { expect, test } from "vitest";
import {
  afterHandOver,
  HAND_OVER_RETRY_MS,
  NOTHING_OWED,
  planHandOver,
} from "../../../durable-objects/ledger/hand-over.ts";

test("what becomes owed is handed over at once, unless a partner was silent just now", () => {
  expect(planHandOver(NOTHING_OWED, 7)).toEqual({ failures: 0, nextAt: 7 });
  const waiting = { failures: 3, nextAt: 9_000 };
  expect(planHandOver(waiting, 7)).toBe(waiting);
});

test("a partner that stays silent is asked ever more seldom, up to every half minute", () => {
  let plan = planHandOver(NOTHING_OWED, 0);
  const pauses = Array.from({ length: 8 }, () => {
    plan = afterHandOver(plan, { failed: true, stillOwed: true }, 0);
    return (plan.nextAt ?? 0) / HAND_OVER_RETRY_MS;
  });
  expect(pauses).toEqual([1, 2, 4, 8, 16, 30, 30, 30]);
});

test("a round that was taken goes on with the rest, and ends when nothing is left", () => {
  const plan = { failures: 4, nextAt: 5 };
  const rest = afterHandOver(plan, { failed: false, stillOwed: true }, 9);
  expect(rest).toEqual({ failures: 0, nextAt: 9 });
  expect(afterHandOver(rest, { failed: true, stillOwed: false }, 10)).toEqual(NOTHING_OWED);
});
