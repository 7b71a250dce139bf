import { describe, expect, test } from "vitest";
import { heldOf, transition } from "../../../durable-objects/ledger/record.ts";
import { RECORD_LIFETIME_MS, type ShardName } from "../../../durable-objects/ledger/rpc.ts";
import { A, aRecord, B, PARTNER } from "./builders.ts";

const claim = (attempt = A) => ({ type: "claim", attempt }) as const;
const markSolo = (attempt = A) => ({ type: "markSolo", attempt, partner: PARTNER }) as const;
const settle = (attempt = A) => ({ type: "settle", attempt }) as const;
const handedOver = (attempt = A, expiresAt = RECORD_LIFETIME_MS) =>
  ({ type: "handedOver", attempt, expiresAt }) as const;
const solo = aRecord({ solo: true, owedTo: [PARTNER] });

test("what a shard says of a record holds the time of its claim, not its end or its debts", () => {
  const record = { ...solo, expiresAt: RECORD_LIFETIME_MS + 9 };
  expect(heldOf(record, 7)).toEqual({ attempt: A, solo: true, claimedAt: 9, remembersFrom: 7 });
});

describe("a claim", () => {
  test("makes a record that lasts for its lifetime", () => {
    expect(transition(null, claim(), 5)).toEqual(aRecord({ expiresAt: RECORD_LIFETIME_MS + 5 }));
  });

  test.for([A, B])("of any later attempt changes nothing (%s)", (attempt) => {
    const record = aRecord();
    expect(transition(record, claim(attempt), 1)).toBe(record);
  });

  test("after the record's end begins anew", () => {
    const before = aRecord();
    expect(transition(before, claim(B), before.expiresAt - 1)).toBe(before);
    expect(transition(before, claim(B), before.expiresAt)).toMatchObject({ attempt: B });
  });
});

describe("a mark", () => {
  test("makes the attempt's own record solo and owed to the partner", () => {
    expect(transition(aRecord(), markSolo(), 1)).toEqual(solo);
    expect(transition(solo, markSolo(), 1)).toBe(solo);
  });

  test("makes the record where the claim was lost", () => {
    expect(transition(null, markSolo(), 0)).toEqual(solo);
  });

  test("leaves another attempt's record alone", () => {
    const record = aRecord();
    expect(transition(record, markSolo(B), 1)).toBe(record);
  });

  test("owes a record to each partner that missed it", () => {
    const other = "ledger-other" as ShardName;
    const after = transition(solo, { ...markSolo(), partner: other }, 1);
    expect(after?.owedTo).toEqual([PARTNER, other]);
  });
});

describe("settling", () => {
  test("puts the owner's attempt in place of another, with the same end", () => {
    expect(transition(aRecord(), settle(B), 9)).toEqual(aRecord({ attempt: B }));
  });

  test("never touches a solo record or its own", () => {
    const own = aRecord();
    expect(transition(solo, settle(B), 1)).toBe(solo);
    expect(transition(own, settle(A), 1)).toBe(own);
  });

  test("makes the record where there is none", () => {
    expect(transition(null, settle(), 0)).toEqual(aRecord());
  });
});

describe("a record that is handed over", () => {
  test("is kept as solo and owed to nobody, until its own end", () => {
    expect(transition(null, handedOver(A, 70), 1)).toEqual(aRecord({ solo: true, expiresAt: 70 }));
  });

  test("replaces an attempt that is not solo, and shortens nothing", () => {
    const after = transition(aRecord(), handedOver(B, 70), 1);
    expect(after).toEqual(aRecord({ attempt: B, solo: true }));
  });

  test("does not replace a solo record", () => {
    expect(transition(solo, handedOver(B), 1)).toBe(solo);
  });

  test("is not kept when it has ended on the way", () => {
    expect(transition(null, handedOver(A, 70), 70)).toBeNull();
  });

  test("is not owed any more when it was taken", () => {
    const taken = { type: "taken", partner: PARTNER } as const;
    const after = transition(solo, taken, 1);
    expect(after).toEqual({ ...solo, owedTo: [] });
    expect(transition(after, taken, 1)).toBe(after);
    expect(transition(null, taken, 1)).toBeNull();
  });
});
