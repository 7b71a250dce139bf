import fc from "fast-check";
import { expect, test } from "vitest";
import { endOf, hourOf, lastEndedHour } from "../../../durable-objects/recorder/retention.ts";

const HOUR_MS = 3600_000;
const DAY_MS = 24 * HOUR_MS;
const times = fc.integer({ min: 0, max: 4e12 });
const days = fc.integer({ min: 1, max: 90 });

test("a movement is kept for no longer than it may be, and for an hour less at most", () => {
  fc.assert(
    fc.property(times, days, (madeAt, kept) => {
      const end = endOf(hourOf(madeAt), kept);
      expect(end).toBeLessThanOrEqual(madeAt + kept * DAY_MS);
      expect(end).toBeGreaterThan(madeAt + kept * DAY_MS - HOUR_MS);
    }),
  );
});

test("what has ended is what an alarm at its end erases, and nothing that has not", () => {
  fc.assert(
    fc.property(times, days, (madeAt, kept) => {
      const hour = hourOf(madeAt);
      const end = endOf(hour, kept);
      expect(lastEndedHour(kept, end)).toBe(hour);
      expect(lastEndedHour(kept, end - 1)).toBe(hour - 1);
    }),
  );
});
