import type { AccountId } from "@sluice/protocol";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { RecorderRpc, Taking } from "../../../../durable-objects/recorder/rpc.ts";
import { TrackRecorder } from "../../../../workers/verify/recording/index.ts";
import { MAX_UNDER_WAY, PAUSE_MS } from "../../../../workers/verify/recording/offer-gate.ts";
import { aJudgedTrack } from "../../../builders/recorded.ts";
import { RecordingObjects } from "../../workers/front-fixture.ts";

const ACCOUNT = "ac_0000000000001" as AccountId;
const TRACK = aJudgedTrack();

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function started(record: () => Promise<Taking>) {
  const recorders = new RecordingObjects<RecorderRpc>({ record });
  const works: Promise<unknown>[] = [];
  const waitUntil = (work: Promise<unknown>) => void works.push(work);
  const recorder = new TrackRecorder({ recorders, now: () => Date.now(), waitUntil });
  const offer = (times = 1) => {
    for (let time = 0; time < times; time += 1) recorder.offer(ACCOUNT, "s1", TRACK);
    return recorders.calls.length;
  };
  return { recorders, works, offer };
}

describe("a movement that is offered", () => {
  test("goes to its site's object, after the answer", async () => {
    const { recorders, works, offer } = started(async () => "taken");
    offer();
    expect(works).toHaveLength(1);
    await Promise.all(works);
    expect(recorders.calls).toEqual([{ name: `${ACCOUNT}:s1`, method: "record", args: [TRACK] }]);
  });

  test.each([
    ["is full", async () => "full"],
    ["is not to record", async () => "off"],
    ["fails", () => Promise.reject(new Error("gone"))],
  ] as readonly [string, () => Promise<Taking>][])(
    "is followed by none for a while where the object %s",
    async (_, record) => {
      const { works, offer } = started(record);
      offer();
      await Promise.all(works);
      expect(offer(5)).toBe(1);
      vi.advanceTimersByTime(PAUSE_MS);
      expect(offer()).toBe(2);
      await Promise.all(works);
    },
  );

  test("is dropped where the object is slow, and no visit is held", async () => {
    const { works, offer } = started(() => new Promise(() => {}));
    expect(offer(100)).toBe(MAX_UNDER_WAY);
    await vi.advanceTimersByTimeAsync(2_000);
    await Promise.all(works);
    expect(offer(100)).toBe(MAX_UNDER_WAY);
  });

  test("is dropped without a word where there is no object to be had", async () => {
    const works: Promise<unknown>[] = [];
    const recorder = new TrackRecorder({
      recorders: {
        getByName: () => {
          throw new Error("no such binding");
        },
      },
      now: () => 0,
      waitUntil: (work) => void works.push(work),
    });
    recorder.offer(ACCOUNT, "s1", TRACK);
    await expect(Promise.all(works)).resolves.toBeDefined();
  });
});
