import {
  type DeliveredTask,
  type Delivery,
  LIMITS,
  type ReportItem,
  type TaskId,
} from "@sluice/protocol";
import type { JournalState } from "../journal/journal-state.ts";
import type { HeldTask } from "../journal/record.ts";
import { FAILURE_CODES } from "./failure.ts";

/** Room in a hello for all but its deliveries. */
const HELLO_BYTES = 16 * 1024;
/** Bytes of a delivery on the wire besides its id: `{"id":"","attempt":100},`. */
const DELIVERY_BYTES = 24;

/**
 * Deliveries that the server must not send again: those that are unfinished, and those that ended and
 * whose end is still on its way. No more than one hello carries; the server sends again what is left out,
 * and it is acknowledged again and not run again.
 */
export function holdings({ held, finished, unanswered, unreported }: JournalState): Delivery[] {
  const deliveries = new Map<TaskId, Delivery>();
  for (const { task } of held.values()) {
    deliveries.set(task.id, { id: task.id, attempt: task.attempt });
  }
  for (const items of [...unanswered.values(), unreported]) {
    for (const { id } of items) {
      const attempt = finished.get(id)?.attempt;
      // Neither held nor ended, it was dropped: what it wrote is still told, but it is not ours any more.
      if (attempt !== undefined && !deliveries.has(id)) deliveries.set(id, { id, attempt });
    }
  }
  return whatFits([...deliveries.values()]);
}

function whatFits(deliveries: readonly Delivery[]): Delivery[] {
  let bytes = HELLO_BYTES;
  const tooMany = deliveries.findIndex(({ id }, index) => {
    bytes += id.length + DELIVERY_BYTES;
    return index === LIMITS.runningEntries || bytes > LIMITS.clientFrameBytes;
  });
  return tooMany < 0 ? [...deliveries] : deliveries.slice(0, tooMany);
}

/** Whether a run of a task that was broken off may be begun anew. */
export function mayRepeat({ delivery }: DeliveredTask): boolean {
  return delivery !== "at_most_once";
}

/** What an earlier process left unfinished. */
export interface LeftBehind {
  /** Accepted and never started. */
  readonly waiting: readonly DeliveredTask[];
  /** Their process died while they ran. */
  readonly interrupted: readonly HeldTask[];
  /** That happened `poisonAfter` times. */
  readonly poisoned: readonly HeldTask[];
  /** Their process died while they ran, and they must not begin again. */
  readonly unrepeatable: readonly HeldTask[];
}

/** Sorts what is held when a client starts. */
export function sortHeld({ held }: JournalState, poisonAfter: number): LeftBehind {
  const waiting: DeliveredTask[] = [];
  const interrupted: HeldTask[] = [];
  const poisoned: HeldTask[] = [];
  const unrepeatable: HeldTask[] = [];
  for (const one of held.values()) {
    if (!one.running) waiting.push(one.task);
    else if (!mayRepeat(one.task)) unrepeatable.push(one);
    else if (one.starts >= poisonAfter) poisoned.push(one);
    else interrupted.push(one);
  }
  return { waiting, interrupted, poisoned, unrepeatable };
}

/** The end of a task that took its process down with it too often. */
export function poisonedItem(task: DeliveredTask, starts: number): ReportItem {
  return {
    id: task.id,
    attempt: task.attempt,
    event: "failed",
    error: {
      code: FAILURE_CODES.poisoned,
      message: `the client's process ended ${starts} times while it ran`,
    },
  };
}
