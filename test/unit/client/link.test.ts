import { describe, expect, it } from "vitest";
import {
  type Connection,
  isAlive,
  SILENCE_MS,
} from "../../../durable-objects/client/connection.ts";
import { linkAfterHello } from "../../../durable-objects/client/link.ts";
import { type LinkRow, NEW_LINK } from "../../../durable-objects/client/storage.ts";
import { aHello } from "../../builders/frames.ts";

/** The link after hellos at these times, each taking over a live socket or not. */
function linkAfter(hellos: readonly { at: number; alive: boolean }[]): LinkRow {
  let link = NEW_LINK;
  for (const { at, alive } of hellos) link = linkAfterHello(link, aHello(), alive, at);
  return link;
}
const takeovers = (count: number, everyMs: number) =>
  Array.from({ length: count }, (_, n) => ({ at: 1_000 + n * everyMs, alive: true }));

describe("the link after a hello", () => {
  it("is of the next epoch, and says who connected when", () => {
    const link = linkAfterHello(NEW_LINK, aHello({ agent: "agent/2" }), false, 5_000);
    expect(link).toMatchObject({
      epoch: 1,
      agent: "agent/2",
      connectedAt: 5_000,
      lastSeenAt: 5_000,
    });
    expect(linkAfterHello(link, aHello(), false, 6_000).epoch).toBe(2);
  });
});

describe("two machines with one identity", () => {
  it("are suspected when they displace each other in turn", () => {
    expect(linkAfter(takeovers(4, 1_000)).cloneSuspectedAt).toBe(4_000);
  });

  it("are not seen in one machine that comes back behind a dead socket", () => {
    expect(linkAfter(takeovers(3, 1_000)).cloneSuspectedAt).toBeNull();
  });

  it("are not seen in one that reconnects after its socket had closed", () => {
    const reconnects = takeovers(20, 1_000).map(({ at }) => ({ at, alive: false }));
    expect(linkAfter(reconnects).cloneSuspectedAt).toBeNull();
  });

  it("are not seen in takeovers that are far apart", () => {
    expect(linkAfter(takeovers(20, 60_000)).cloneSuspectedAt).toBeNull();
  });

  it("are remembered when the quarrel ends, and the list of takeovers stays short", () => {
    const quarrel = takeovers(50, 1_000);
    const link = linkAfter([...quarrel, { at: 900_000, alive: false }]);
    expect(link.cloneSuspectedAt).toBe(50_000);
    expect(link.takeovers.length).toBeLessThan(10);
  });
});

describe("a connection", () => {
  const heardAt = 10_000;
  const alive = (lastPingAt: number | null, now: number) =>
    isAlive({ ...OPEN, heardAt }, lastPingAt, now);

  it("is alive for two and a half heartbeats after it was heard", () => {
    expect(alive(null, heardAt + SILENCE_MS - 1)).toBe(true);
    expect(alive(null, heardAt + SILENCE_MS)).toBe(false);
  });

  it("is heard by its pings as well", () => {
    const pingAt = heardAt + 60_000;
    expect(alive(pingAt, pingAt + SILENCE_MS - 1)).toBe(true);
    expect(alive(pingAt, pingAt + SILENCE_MS)).toBe(false);
  });
});

const OPEN: Connection = {
  kind: "open",
  epoch: 1,
  seq: 0,
  ackedSeq: 0,
  connectedAt: 0,
  heardAt: 0,
  lastFlushAt: null,
  gaveUpAt: null,
  settleAt: null,
  capacity: { rate: null, slots: 1, slotsTotal: 1, mostFree: 1 },
};
