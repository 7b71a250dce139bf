import { describe, expect, test } from "vitest";
import { decide, type Heard, type Step } from "../../../workers/ledger/redemption.ts";
import { A, B } from "./builders.ts";

const claimed = { claimedAt: 5, remembersFrom: 0 };
const mine: Heard = { ...claimed, attempt: A, solo: false };
const mineSolo: Heard = { ...claimed, attempt: A, solo: true };
const other: Heard = { ...claimed, attempt: B, solo: false };
const otherSolo: Heard = { ...claimed, attempt: B, solo: true };

const ACCEPT: Step = { do: "end", verdict: "accepted" };
const DUPLICATE: Step = { do: "end", verdict: "duplicate" };
const UNAVAILABLE: Step = { do: "end", verdict: "unavailable" };
const SETTLE: Step = { do: "settle" };
const MARK_OWNER: Step = { do: "markSolo", seat: "owner" };
const MARK_SUCCESSOR: Step = { do: "markSolo", seat: "successor" };

/** Every pair of answers and what follows. Rows: the owner; columns: the successor. */
const SUCCESSOR: readonly Heard[] = [mine, mineSolo, other, otherSolo, "silent"];
const TABLE: readonly (readonly [owner: Heard, steps: readonly Step[]])[] = [
  [mine, [ACCEPT, ACCEPT, SETTLE, DUPLICATE, MARK_OWNER]],
  [mineSolo, [ACCEPT, ACCEPT, SETTLE, DUPLICATE, ACCEPT]],
  [other, [DUPLICATE, ACCEPT, DUPLICATE, DUPLICATE, DUPLICATE]],
  [otherSolo, [DUPLICATE, DUPLICATE, DUPLICATE, DUPLICATE, DUPLICATE]],
  ["silent", [MARK_SUCCESSOR, ACCEPT, UNAVAILABLE, DUPLICATE, UNAVAILABLE]],
];

describe("an attempt that has heard", () => {
  const cases = TABLE.flatMap(([owner, steps]) =>
    SUCCESSOR.map((successor, index) => ({
      owner,
      successor,
      step: steps[index],
      text: `${textOf(owner)} of the owner and ${textOf(successor)} of the successor`,
    })),
  );

  test.for(cases)("$text", ({ owner, successor, step }) => {
    expect(decide(A, { owner, successor })).toEqual(step);
  });

  test.for([...SUCCESSOR, "waiting"] as const)("only one answer waits for the other", (heard) => {
    expect(decide(A, { owner: "waiting", successor: heard })).toEqual({ do: "wait" });
    expect(decide(A, { owner: heard, successor: "waiting" })).toEqual({ do: "wait" });
  });
});

describe("an owner that was started", () => {
  const startedAt = (remembersFrom: number): Heard => ({ ...mine, remembersFrom });

  test.for<[string, number, Step]>([
    ["after the successor's claim may have forgotten it", 6, DUPLICATE],
    ["just then has not", 5, SETTLE],
    ["before it has not", 4, SETTLE],
  ])("%s", ([, remembersFrom, step]) => {
    expect(decide(A, { owner: startedAt(remembersFrom), successor: other })).toEqual(step);
  });

  test("is no matter where both hold the same", () => {
    expect(decide(A, { owner: startedAt(6), successor: mine })).toEqual(ACCEPT);
  });
});

function textOf(heard: Heard): string {
  if (typeof heard === "string") return "nothing";
  return `${heard.attempt === A ? "its own id" : "another id"}${heard.solo ? ", solo," : ""}`;
}
