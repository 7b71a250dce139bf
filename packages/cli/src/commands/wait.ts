import { setTimeout as delay } from "node:timers/promises";
import { isTerminal, type TaskView } from "@sluice/protocol";
import type { Operator } from "@sluice/sdk/operator";
import { CommandFailure, EXIT_CODES } from "../output/exit-codes.ts";
import { plainText } from "../output/plain-text.ts";
import { progressBar } from "../output/progress-bar.ts";
import { truncate } from "../output/table.ts";
import type { Terminal } from "../output/terminal.ts";

/** First and longest time between two looks; a short task is seen soon, a long one costs little. */
const FIRST_LOOK_MS = 100;
const LAST_LOOK_MS = 2_000;
const BAR_WIDTH = 24;
const ERASE_LINE = "\r\u001b[K";

/**
 * Looks at a task until it has ended; on a terminal a line shows how far it is. Throws
 * `CommandFailure` when `interrupted` aborts; the task goes on all the same.
 */
export async function waitForEnd(
  operator: Operator,
  client: string,
  task: string,
  terminal: Terminal,
  interrupted: AbortSignal,
): Promise<TaskView> {
  try {
    for (let lookMs = FIRST_LOOK_MS; ; lookMs = Math.min(lookMs * 1.5, LAST_LOOK_MS)) {
      const view = await operator.task(client, task, { signal: interrupted });
      if (isTerminal(view.state)) return view;
      if (terminal.interactive) {
        terminal.draw(ERASE_LINE + truncate(waitingLine(view), terminal.width - 1));
      }
      await delay(lookMs, undefined, { signal: interrupted });
    }
  } catch (error) {
    if (!interrupted.aborted) throw error;
    throw new CommandFailure(EXIT_CODES.failed, "interrupted; the task goes on");
  } finally {
    if (terminal.interactive) terminal.draw(ERASE_LINE);
  }
}

/** One line on a task that has not ended. */
export function waitingLine({ state, waitingFor, progress }: TaskView): string {
  if (progress !== null) {
    return `${progressBar(progress.done, BAR_WIDTH)} ${plainText(progress.note ?? "")}`;
  }
  return plainText(waitingFor === null ? state : `${state}, waiting for ${waitingFor}`);
}
