import { describe, expect, it } from "vitest";
import { Tally } from "../../../durable-objects/client/tally.ts";
import { aSegment, someOptions } from "../../builders/segments.ts";

const MIXED = aSegment({
  first: 10,
  count: 3,
  options: [someOptions(), someOptions({ priority: 9 })],
  optionOf: Uint16Array.of(0, 1, 1),
});

function queued(): Tally {
  const tally = new Tally();
  tally.addQueued(MIXED);
  return tally;
}

describe("a tally", () => {
  it("of a queued segment counts its tasks, its bytes and its urgent ones", () => {
    const tally = queued();
    expect([tally.count("queued"), tally.queuedBytes, tally.urgent]).toEqual([3, 30, 2]);
  });

  it("is the same whether a segment comes whole or task by task", () => {
    const tally = new Tally();
    for (const ordinal of [10, 11, 12]) tally.add(MIXED, ordinal, "queued");
    expect([tally.count("queued"), tally.queuedBytes, tally.urgent]).toEqual([3, 30, 2]);
  });

  it("follows a task out of the queue and back", () => {
    const tally = queued();
    tally.remove(MIXED, 11, "queued");
    tally.add(MIXED, 11, "leased");
    expect([tally.count("leased"), tally.queuedBytes, tally.urgent]).toEqual([1, 20, 1]);
    tally.remove(MIXED, 11, "leased");
    tally.add(MIXED, 11, "queued");
    expect([tally.count("leased"), tally.queuedBytes, tally.urgent]).toEqual([0, 30, 2]);
  });

  it("takes accepted and running tasks as held, and no other", () => {
    const tally = new Tally();
    const states = ["queued", "leased", "accepted", "running", "running", "dead"] as const;
    for (const state of states) tally.add(MIXED, 10, state);
    expect(tally.held).toBe(3);
  });

  it("weighs nothing when all has left, however its bytes divide", () => {
    const tally = new Tally();
    const odd = aSegment({ count: 3, bytes: 10 });
    tally.addQueued(odd);
    for (const ordinal of [0, 1, 2]) tally.remove(odd, ordinal, "queued");
    expect([tally.count("queued"), tally.queuedBytes]).toEqual([0, 0]);
  });
});
