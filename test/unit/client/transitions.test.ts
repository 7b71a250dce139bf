import { isTerminal, TASK_STATES, type TaskState } from "@sluice/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NEW_RECORD, type TaskRecord } from "../../../durable-objects/client/record.ts";
import {
  accept,
  confirmHeld,
  end,
  finish,
  lease,
  lose,
  markMissing,
  type RequeueRules,
  requestCancel,
  start,
} from "../../../durable-objects/client/transitions.ts";

const NOW = 5_000;
const RULES: RequeueRules = {
  maxAttempts: 5,
  atMostOnce: false,
  poisonAfter: 3,
  expiresAt: 100_000,
};

/** A record of attempt 2 in this state; a queued one has never been sent. */
function recordIn(state: TaskState, overrides: Partial<TaskRecord> = {}): TaskRecord {
  if (state === "queued") return { ...NEW_RECORD, ...overrides };
  return { ...NEW_RECORD, state, attempt: 2, epoch: 1, seq: 4, sentAt: 1_000, ...overrides };
}
const requeued = () => recordIn("queued", { attempt: 2, sentAt: 1_000 });

type Transition = (record: TaskRecord, now: number) => TaskRecord;
const EVENTS = {
  lease: (record, now) => lease(record, 3, 7, now),
  accept,
  start: (record, now) => start(record, 2, now),
  "start of the attempt before": (record, now) => start(record, 1, now),
  "start of an attempt to come": (record, now) => start(record, 9, now),
  succeed: (record, now) => finish(record, 2, "succeeded", now),
  "succeed by the attempt before": (record, now) => finish(record, 1, "succeeded", now),
  "succeed by an attempt to come": (record, now) => finish(record, 9, "succeeded", now),
  fail: (record, now) => finish(record, 2, "failed", now),
  poison: (record, now) => finish(record, 2, "dead", now),
  "say cancelled": (record, now) => finish(record, 2, "cancelled", now),
  "request cancel": requestCancel,
  expire: (record, now) => end(record, "expired", now),
  lose: (record, now) => lose(record, RULES, now),
  "mark missing": markMissing,
  "confirm held": (record, now) => confirmHeld(record, 2, now),
} satisfies Record<string, Transition>;
type Event = keyof typeof EVENTS;

/** State after each event by the state before; a dash where the event does not apply. */
const TABLE: Record<Event, [queued: string, leased: string, accepted: string, running: string]> = {
  lease: ["leased", "-", "-", "-"],
  accept: ["-", "accepted", "-", "-"],
  start: ["-", "running", "running", "running"],
  "start of the attempt before": ["-", "running", "running", "running"],
  "start of an attempt to come": ["-", "-", "-", "-"],
  succeed: ["-", "succeeded", "succeeded", "succeeded"],
  "succeed by the attempt before": ["-", "succeeded", "succeeded", "succeeded"],
  "succeed by an attempt to come": ["-", "-", "-", "-"],
  fail: ["-", "failed", "failed", "failed"],
  poison: ["-", "dead", "dead", "dead"],
  "say cancelled": ["-", "cancelled", "cancelled", "cancelled"],
  "request cancel": ["cancelled", "leased", "accepted", "running"],
  expire: ["expired", "expired", "expired", "expired"],
  lose: ["-", "queued", "queued", "queued"],
  "mark missing": ["-", "leased", "accepted", "running"],
  "confirm held": ["-", "accepted", "-", "-"],
};
const LIVE_STATES = ["queued", "leased", "accepted", "running"] as const;
const CASES = Object.entries(TABLE).flatMap(([event, row]) =>
  LIVE_STATES.map((before, column) => ({
    event: event as Event,
    before,
    after: row[column] ?? "",
  })),
);

const anyLive = fc
  .record({
    state: fc.constantFrom<TaskState>("leased", "accepted", "running"),
    attempt: fc.integer({ min: 1, max: 4 }),
    runAttempt: fc.nat({ max: 4 }),
    crashes: fc.nat({ max: 2 }),
    cancelRequested: fc.boolean(),
    missing: fc.boolean(),
  })
  .map(
    (part): TaskRecord => ({
      ...recordIn(part.state),
      ...part,
      runAttempt: Math.min(part.runAttempt, part.attempt),
    }),
  );
const anyRecord = fc.oneof(
  fc.constant(NEW_RECORD),
  fc.constant(requeued()),
  anyLive,
  fc.constantFrom(...TASK_STATES).map((state) => recordIn(state)),
);
const anyEvents = fc.array(fc.constantFrom(...(Object.keys(EVENTS) as Event[])), { maxLength: 12 });

describe("every event in every state", () => {
  it.each(CASES)("$before: $event → $after", ({ event, before, after }) => {
    const record = recordIn(before);
    const next = EVENTS[event](record, NOW);
    if (after === "-") expect(next).toBe(record);
    else expect(next.state).toBe(after);
  });

  it.each(
    TASK_STATES.filter(isTerminal).flatMap((state) =>
      (Object.keys(EVENTS) as Event[]).map((event) => ({ state, event })),
    ),
  )("$state is final: $event changes nothing", ({ state, event }) => {
    const record = recordIn(state);
    expect(EVENTS[event](record, NOW)).toBe(record);
  });
});

/** Enough lives for the rare turns: lost while it ran, then a late word of the attempt before. */
const LIVES = { numRuns: 3_000 };

describe("whatever happens to a task", () => {
  const forAnyLife = (check: (before: TaskRecord, after: TaskRecord) => void) =>
    fc.assert(
      fc.property(anyRecord, anyEvents, (first, events) => {
        let record = first;
        for (const [index, event] of events.entries()) {
          const next = EVENTS[event](record, NOW + index);
          check(record, next);
          record = next;
        }
      }),
      LIVES,
    );

  it("its attempts, the attempt that ran, and its crashes never fall", () => {
    forAnyLife((before, after) => {
      expect(after.attempt).toBeGreaterThanOrEqual(before.attempt);
      expect(after.runAttempt).toBeGreaterThanOrEqual(before.runAttempt);
      expect(after.crashes).toBeGreaterThanOrEqual(before.crashes);
    });
  });

  it("a changed record differs, and an unchanged one is the same object", () => {
    forAnyLife((before, after) => {
      if (after !== before) expect(after).not.toEqual(before);
    });
  });

  it("it has an end time exactly when it has ended", () => {
    forAnyLife((before, after) => {
      if (isTerminal(before.state)) return;
      expect(after.endedAt !== null).toBe(isTerminal(after.state));
    });
  });

  it("a request to cancel is not forgotten", () => {
    forAnyLife((before, after) => {
      if (before.cancelRequested) expect(after.cancelRequested).toBe(true);
    });
  });
});

describe("a delivery", () => {
  it("is counted when it is leased, and names its connection and batch", () => {
    expect(lease(requeued(), 3, 7, NOW)).toMatchObject({
      state: "leased",
      attempt: 3,
      epoch: 3,
      seq: 7,
      sentAt: NOW,
    });
  });

  it("that was queued again is accepted after all by a late word of the client", () => {
    expect(accept(requeued(), NOW).state).toBe("accepted");
    expect(start(requeued(), 2, NOW)).toMatchObject({ state: "running", runAttempt: 2 });
    expect(finish(requeued(), 1, "succeeded", NOW).state).toBe("succeeded");
    expect(confirmHeld(requeued(), 2, NOW).state).toBe("accepted");
  });

  it("that runs already is not started twice, but a newer attempt takes its place", () => {
    const running = recordIn("running", { attempt: 3, runAttempt: 2, startedAt: 2_000 });
    expect(start(running, 2, NOW)).toBe(running);
    expect(start(running, 3, NOW)).toMatchObject({ runAttempt: 3, startedAt: NOW });
  });

  it("that was missing is found again by any word of it", () => {
    const missing = recordIn("running", { runAttempt: 2, missing: true });
    expect(start(missing, 2, NOW).missing).toBe(false);
    expect(confirmHeld(missing, 2, NOW).missing).toBe(false);
    expect(finish(missing, 2, "succeeded", NOW).missing).toBe(false);
  });
});

describe("a lost delivery", () => {
  const lost = (record: TaskRecord, rules: Partial<RequeueRules> = {}) =>
    lose(record, { ...RULES, ...rules }, NOW);

  it("goes back to the queue as if it had not been accepted", () => {
    const running = recordIn("running", { acceptedAt: 2_000, startedAt: 3_000 });
    expect(lost(running)).toMatchObject({ state: "queued", acceptedAt: null, startedAt: null });
  });

  it("counts as a crash only if it ran", () => {
    expect(lost(recordIn("running")).crashes).toBe(1);
    expect(lost(recordIn("accepted")).crashes).toBe(0);
    expect(lost(recordIn("leased")).crashes).toBe(0);
  });

  it.each([
    ["unknown", "it must not run twice", recordIn("leased"), { atMostOnce: true }],
    [
      "unknown",
      "that weighs more than a cancel",
      recordIn("running", { cancelRequested: true }),
      { atMostOnce: true },
    ],
    ["cancelled", "it was to be cancelled", recordIn("accepted", { cancelRequested: true }), {}],
    ["dead", "it crashed its client for the third time", recordIn("running", { crashes: 2 }), {}],
    ["dead", "its attempts are used up", recordIn("leased", { attempt: 5 }), {}],
    ["expired", "it is past its deadline", recordIn("leased"), { expiresAt: NOW }],
    ["queued", "it has a moment left", recordIn("leased"), { expiresAt: NOW + 1 }],
  ] as const)("is %s when %s", (state, _why, record, rules) => {
    expect(lost(record, rules).state).toBe(state);
  });
});
