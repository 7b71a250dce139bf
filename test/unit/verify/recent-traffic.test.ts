import { describe, expect, it } from "vitest";
import {
  HALF_LIFE_MS,
  MAX_NETWORK_PRESSURE,
  MAX_SITE_PRESSURE,
  NETWORK_ALLOWANCE,
  RecentTraffic,
  SITE_ALLOWANCE,
} from "../../../workers/verify/recent-traffic.ts";

const NOW = 1_000_000;
const NETWORK = "203.0.113.1";
const SITE = "site-a";

function times(count: number, act: () => void): void {
  for (let index = 0; index < count; index += 1) act();
}

describe("the pressure on a network", () => {
  it("is none up to its allowance, and grows with what it asks for", () => {
    const traffic = new RecentTraffic();
    times(NETWORK_ALLOWANCE, () => traffic.noteChallenge(NETWORK, NOW));
    expect(traffic.pressureOn(NETWORK, SITE, NOW).network).toBe(1);
    times(NETWORK_ALLOWANCE, () => traffic.noteChallenge(NETWORK, NOW));
    expect(traffic.pressureOn(NETWORK, SITE, NOW).network).toBe(2);
  });

  it("has an end", () => {
    const traffic = new RecentTraffic();
    times(10_000, () => traffic.noteChallenge(NETWORK, NOW));
    expect(traffic.pressureOn(NETWORK, SITE, NOW).network).toBe(MAX_NETWORK_PRESSURE);
  });

  it("grows faster by failures, and fades to nothing", () => {
    const traffic = new RecentTraffic();
    times(NETWORK_ALLOWANCE, () => traffic.noteFailure(NETWORK, NOW));
    expect(traffic.pressureOn(NETWORK, SITE, NOW).network).toBe(4);
    expect(traffic.pressureOn(NETWORK, SITE, NOW + HALF_LIFE_MS).network).toBe(2);
    expect(traffic.pressureOn(NETWORK, SITE, NOW + 10 * HALF_LIFE_MS).network).toBe(1);
  });

  it("is nobody else's, and none where no address is known", () => {
    const traffic = new RecentTraffic();
    times(1_000, () => traffic.noteChallenge(NETWORK, NOW));
    times(1_000, () => traffic.noteChallenge(null, NOW));
    expect(traffic.pressureOn("203.0.113.2", SITE, NOW).network).toBe(1);
    expect(traffic.pressureOn(null, SITE, NOW).network).toBe(1);
  });

  it("does not grow when a clock goes back", () => {
    const traffic = new RecentTraffic();
    times(2 * NETWORK_ALLOWANCE, () => traffic.noteChallenge(NETWORK, NOW));
    expect(traffic.pressureOn(NETWORK, SITE, NOW - HALF_LIFE_MS).network).toBe(2);
  });
});

describe("the pressure on a site", () => {
  it("comes of failures whose work was done, from other networks too", () => {
    const traffic = new RecentTraffic();
    times(3 * SITE_ALLOWANCE, () => traffic.noteWorkedFailure("198.51.100.1", SITE, NOW));
    expect(traffic.pressureOn(NETWORK, SITE, NOW)).toEqual({ network: 1, site: 3 });
    expect(traffic.pressureOn(NETWORK, "site-b", NOW).site).toBe(1);
  });

  it("cannot be raised for free: failures on arithmetic do not count", () => {
    const traffic = new RecentTraffic();
    times(10_000, () => traffic.noteFailure("198.51.100.1", NOW));
    expect(traffic.pressureOn(NETWORK, SITE, NOW).site).toBe(1);
  });

  it("is none on a site that is merely popular", () => {
    const traffic = new RecentTraffic();
    times(1_000, () => traffic.notePass(SITE, NOW));
    times(500, () => traffic.noteWorkedFailure(null, SITE, NOW));
    expect(traffic.pressureOn(NETWORK, SITE, NOW).site).toBe(1);
  });

  it("has an end", () => {
    const traffic = new RecentTraffic();
    times(10_000, () => traffic.noteWorkedFailure(null, SITE, NOW));
    expect(traffic.pressureOn(NETWORK, SITE, NOW).site).toBe(MAX_SITE_PRESSURE);
  });
});

describe("what is remembered", () => {
  it("is bounded: the one that was quiet longest is forgotten", () => {
    const traffic = new RecentTraffic(2);
    const busy = (network: string, at: number) =>
      times(3 * NETWORK_ALLOWANCE, () => traffic.noteChallenge(network, at));
    busy("a", NOW);
    busy("b", NOW + 1);
    busy("a", NOW + 2);
    busy("c", NOW + 3);
    const pressure = (network: string) => traffic.pressureOn(network, SITE, NOW + 3).network;
    expect(pressure("b")).toBe(1);
    expect(pressure("a")).toBeGreaterThan(2);
    expect(pressure("c")).toBeGreaterThan(2);
  });
});
