import { describe, expect, it } from "vitest";
import { AlarmClock } from "../../../durable-objects/alarm-clock.ts";

const NOW = 1_000;

/** The platform's part: one time, which the clock sets. */
class StoredAlarm {
  readonly set: number[] = [];
  at: number | null = null;

  async getAlarm(): Promise<number | null> {
    return this.at;
  }

  async setAlarm(at: number): Promise<void> {
    this.at = at;
    this.set.push(at);
  }

  async deleteAlarm(): Promise<void> {
    this.at = null;
  }
}

function start(): { stored: StoredAlarm; clock: AlarmClock } {
  const stored = new StoredAlarm();
  return { stored, clock: new AlarmClock(stored) };
}

describe("the alarm of an object", () => {
  it("is set again only for what comes sooner, and counts how often it was", () => {
    const { stored, clock } = start();
    for (const wanted of [5_000, 6_000, null, 4_000]) clock.arm(wanted, NOW);
    expect(stored.set).toEqual([5_000, 4_000]);
    expect(clock.timesSet).toBe(2);
  });

  it("is set again once it has fired", () => {
    const { stored, clock } = start();
    clock.arm(5_000, NOW);
    clock.fired();
    clock.arm(6_000, NOW);
    expect(stored.set).toEqual([5_000, 6_000]);
  });

  it("is left as an earlier life of the object armed it", async () => {
    const { stored, clock } = start();
    stored.at = 5_000;
    await clock.load();
    clock.arm(6_000, NOW);
    expect(stored.set).toEqual([]);
  });

  it("fires again after a failure, though something sooner may be armed meanwhile", async () => {
    const { stored, clock } = start();
    clock.fired();
    await clock.retry(NOW);
    expect(stored.at).toBe(NOW + 5_000);
    clock.arm(NOW + 10, NOW);
    expect(stored.at).toBe(NOW + 10);
  });

  it("is gone when it is cleared", async () => {
    const { stored, clock } = start();
    clock.arm(5_000, NOW);
    await clock.clear();
    expect(stored.at).toBeNull();
    clock.arm(6_000, NOW);
    expect(stored.at).toBe(6_000);
  });
});
