import type { DeliveredTask, ReportItem } from "@sluice/protocol";
import type { HeldTask } from "../journal/record.ts";
import { poisonedItem, sortHeld } from "./holdings.ts";
import type { Recorder } from "./recorder.ts";
import type { Tuning } from "./tuning.ts";

/** What the resumption needs of the rest of the client. */
export interface ResumptionPort {
  /** Takes tasks that never started. */
  enqueue(tasks: readonly DeliveredTask[]): void;
  /** Takes tasks whose process died while they ran. */
  enqueueInterrupted(tasks: readonly HeldTask[]): void;
  emit(items: readonly ReportItem[]): void;
  /** A task was given up that took its process down with it too often. */
  poisoned(task: DeliveredTask): void;
}

/** Takes up what an earlier process left in the journal. */
export class Resumption {
  readonly #recorder: Recorder;
  readonly #port: ResumptionPort;
  readonly #tuning: Pick<Tuning, "poisonAfter" | "rerunDelayMs">;
  /** They run again a moment after the first welcome, so that the server can call them off. */
  #interrupted: readonly HeldTask[] = [];
  #rerunTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    recorder: Recorder,
    port: ResumptionPort,
    tuning: Pick<Tuning, "poisonAfter" | "rerunDelayMs">,
  ) {
    this.#recorder = recorder;
    this.#port = port;
    this.#tuning = tuning;
  }

  /** The journal is open: what never started may start, and what must not run again ends. */
  begin(): void {
    const { waiting, interrupted, poisoned, unrepeatable } = sortHeld(
      this.#recorder.state,
      this.#tuning.poisonAfter,
    );
    for (const { task, starts } of poisoned) {
      this.#port.emit([poisonedItem(task, starts)]);
      this.#port.poisoned(task);
    }
    if (unrepeatable.length > 0) {
      this.#recorder.record({ type: "dropped", ids: unrepeatable.map(({ task }) => task.id) });
    }
    this.#interrupted = interrupted;
    this.#port.enqueue(waiting);
  }

  /** The server welcomed the client. */
  welcomed(): void {
    if (this.#interrupted.length === 0) return;
    const interrupted = this.#interrupted;
    this.#interrupted = [];
    this.#rerunTimer = setTimeout(
      () => this.#port.enqueueInterrupted(interrupted),
      this.#tuning.rerunDelayMs,
    );
  }

  /** Runs nothing again that does not run yet. */
  stop(): void {
    clearTimeout(this.#rerunTimer);
  }
}
