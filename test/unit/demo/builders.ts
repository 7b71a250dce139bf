import type { TaskId, TaskView, TimelineEntry } from "@sluice/protocol";
import type { BurstFigures } from "../../../scripts/demo/burst-figures.ts";
import { figuresOf } from "../../../scripts/demo/burst-figures.ts";

/** Noon of a day; times of tests are ms after it. */
export const NOON_MS = Date.UTC(2026, 0, 1, 12);

const at = (ms: number) => new Date(NOON_MS + ms).toISOString();

/** A task that was called for at noon and passed on in frame `seq` of epoch 1; times in ms after noon. */
export function succeededTask(
  seq: number,
  sentMs: number,
  acceptedMs: number,
  endedMs: number,
): TaskView {
  const timeline: TimelineEntry[] = [
    { at: at(0), event: "queued" },
    { at: at(sentMs), event: "sent", epoch: 1, seq, attempt: 1 },
    { at: at(acceptedMs), event: "accepted", attempt: 1 },
    { at: at(endedMs), event: "succeeded", attempt: 1 },
  ];
  return { ...BARE_TASK, state: "succeeded", endedAt: at(endedMs), timeline };
}

/** A task that nobody took in time. */
export function expiredTask(): TaskView {
  const timeline: TimelineEntry[] = [{ at: at(0), event: "queued" }];
  return { ...BARE_TASK, state: "expired", endedAt: at(1), timeline };
}

/** Figures of a burst of which all went well, but for what is given. */
export function figures(overrides: Partial<BurstFigures> = {}): BurstFigures {
  const task = succeededTask(1, 1, 2, 3);
  const collections = [{ calledAtMs: NOON_MS, task, rows: [{ pid: 1 }] }];
  return { ...figuresOf({ collections, answeredAtMs: NOON_MS + 1 }), ...overrides };
}

const BARE_TASK: TaskView = {
  id: "tk_1" as TaskId,
  kind: "system.info",
  state: "queued",
  attempt: 1,
  priority: 5,
  createdAt: at(0),
  endedAt: null,
  args: {},
  delivery: "at_least_once",
  maxAttempts: 5,
  timeoutSeconds: 600,
  deadline: at(1_000),
  idempotencyKey: null,
  fairnessKey: null,
  parent: null,
  error: null,
  progress: null,
  waitingFor: null,
  timeline: [],
};
