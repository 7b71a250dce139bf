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
    for (const { id, attempt } of items) {
      if (deliveries.has(id)) continue;
      deliveries.set(id, { id, attempt: finished.get(id)?.attempt ?? attempt });
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

/** What an earlier process left unfinished. */
export interface LeftBehind {
  /** Accepted and never started. */
  readonly waiting: readonly DeliveredTask[];
  /** Their process died while they ran. */
  readonly interrupted: readonly HeldTask[];
  /** That happened `poisonAfter` times. */
  readonly poisoned: readonly HeldTask[];
}

/** Sorts what is held when a client starts. */
export function sortHeld({ held }: JournalState, poisonAfter: number): LeftBehind {
  const all = [...held.values()];
  const isPoisoned = ({ running, starts }: HeldTask) => running && starts >= poisonAfter;
  return {
    waiting: all.filter(({ running }) => !running).map(({ task }) => task),
    interrupted: all.filter((one) => one.running && !isPoisoned(one)),
    poisoned: all.filter(isPoisoned),
  };
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
