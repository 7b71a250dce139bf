import { describe, expect, it } from "vitest";
import { InFlight } from "../../../durable-objects/client/in-flight.ts";

const FIRST = { epoch: 1, seq: 1, sentAt: 100 };
const SECOND = { epoch: 1, seq: 2, sentAt: 200 };
/** The same sequence number on the next connection. */
const ANEW = { epoch: 2, seq: 1, sentAt: 300 };

function inFlight(...leases: readonly [number, typeof FIRST][]): InFlight {
  const flight = new InFlight();
  for (const [ordinal, lease] of leases) flight.add(ordinal, lease);
  return flight;
}

describe("batches in flight", () => {
  it("hold the tasks of one frame of one connection together", () => {
    const flight = inFlight([0, FIRST], [1, FIRST], [2, SECOND], [3, ANEW], [4, FIRST]);
    expect(flight.batches()).toEqual([
      { ...FIRST, ordinals: new Set([0, 1, 4]) },
      { ...SECOND, ordinals: new Set([2]) },
      { ...ANEW, ordinals: new Set([3]) },
    ]);
  });

  it("are gone with their last task, and begin anew under the same number", () => {
    const flight = inFlight([0, FIRST], [1, FIRST]);
    flight.remove(0, FIRST);
    expect(flight.batches()).toEqual([{ ...FIRST, ordinals: new Set([1]) }]);
    flight.remove(1, FIRST);
    expect(flight.batches()).toEqual([]);
    flight.add(7, { ...FIRST, sentAt: 500 });
    expect(flight.batches()).toEqual([{ ...FIRST, sentAt: 500, ordinals: new Set([7]) }]);
  });

  it("may be emptied while they are gone through", () => {
    const flight = inFlight([0, FIRST], [1, SECOND], [2, ANEW]);
    for (const batch of flight.batches()) {
      for (const ordinal of [...batch.ordinals]) flight.remove(ordinal, batch);
    }
    expect(flight.batches()).toEqual([]);
  });
});
