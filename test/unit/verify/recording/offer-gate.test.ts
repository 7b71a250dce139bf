import { describe, expect, test } from "vitest";
import {
  MAX_UNDER_WAY,
  OfferGate,
  PAUSE_MS,
} from "../../../../workers/verify/recording/offer-gate.ts";

const enterMany = (gate: OfferGate, siteId: string, times: number) =>
  Array.from({ length: times }, () => gate.enter(siteId, 0)).filter(Boolean).length;

describe("a recorder", () => {
  test("is offered few at a time, and more when those have ended", () => {
    const gate = new OfferGate();
    expect(enterMany(gate, "a", 100)).toBe(MAX_UNDER_WAY);
    gate.leave("a", true, 0);
    expect(enterMany(gate, "a", 100)).toBe(1);
  });

  test("that took none is left alone for a while, also while others are on their way", () => {
    const gate = new OfferGate();
    enterMany(gate, "a", 2);
    gate.leave("a", false, 1_000);
    gate.leave("a", true, 1_001);
    expect(gate.enter("a", 1_000 + PAUSE_MS - 1)).toBe(false);
    expect(gate.enter("a", 1_000 + PAUSE_MS)).toBe(true);
  });

  test("says nothing of another site's", () => {
    const gate = new OfferGate();
    enterMany(gate, "a", 100);
    gate.leave("a", false, 0);
    expect(gate.enter("b", 1)).toBe(true);
  });
});

test("of more sites than are looked after nothing is offered, until some have come to rest", () => {
  const gate = new OfferGate();
  const sites = Array.from({ length: 1_200 }, (_, index) => `site-${index}`);
  expect(sites.filter((siteId) => gate.enter(siteId, 0))).toHaveLength(1_000);
  for (const siteId of sites.slice(0, 500)) gate.leave(siteId, true, 1);
  for (const siteId of sites.slice(500, 1_000)) gate.leave(siteId, false, 1);
  expect(sites.filter((siteId) => gate.enter(siteId, 2))).toHaveLength(500);
  expect(gate.enter("new", 1 + PAUSE_MS)).toBe(true);
});
