import type { TaskView, TimelineEntry, WaitingFor } from "@sluice/protocol";
import { fieldLines } from "./fields.ts";
import { plainJson, plainText } from "./plain-text.ts";
import { table } from "./table.ts";
import { paintState } from "./task-state.ts";
import type { Terminal } from "./terminal.ts";

/** Describes one task: what it is, where it stands and why it waits, and its whole history. */
export function taskDetails(task: TaskView, terminal: Terminal): string[] {
  const { error, progress, waitingFor } = task;
  const state = paintState(plainText(task.state), task.state, terminal);
  return [
    `${terminal.colours.bold(plainText(task.id))}  ${state}`,
    ...fieldLines([
      ["kind", task.kind],
      ["arguments", plainJson(task.args)],
      ["waiting for", waitingFor && explainWait(waitingFor)],
      ["progress", progress && `${Math.floor(progress.done * 100)}% ${progress.note ?? ""}`],
      ["error", error && `${error.code}: ${error.message}`],
      ["attempt", `${task.attempt} of ${task.maxAttempts}`],
      ["priority", task.priority],
      ["delivery", task.delivery],
      ["may run for", `${task.timeoutSeconds} s`],
      ["deadline", task.deadline],
      ["idempotency key", task.idempotencyKey],
      ["fairness key", task.fairnessKey],
      ["runs again", task.parent],
    ]),
    "",
    ...timeline(task.timeline, terminal),
  ];
}

function timeline(entries: readonly TimelineEntry[], { width }: Terminal): string[] {
  return table(
    [
      { title: "AT", cell: ({ at }) => at },
      { title: "EVENT", cell: ({ event }) => event },
      { title: "ATTEMPT", cell: ({ attempt }) => attempt, align: "right" },
      { title: "EPOCH", cell: ({ epoch }) => epoch, align: "right" },
      { title: "BATCH", cell: ({ seq }) => seq, align: "right" },
      { title: "NOTE", cell: ({ note }) => note },
    ],
    entries,
    width,
  );
}

/** Says in words why a task has not left yet. */
export function explainWait(reason: WaitingFor): string {
  switch (reason) {
    case "rate":
      return "a token of the client's rate limit";
    case "slots":
      return "a free slot of the client";
    case "offline":
      return "the client to come online";
    case "paused":
      return "the client to be resumed";
    case "linger":
      return "other tasks to leave with";
    case "priority":
      return "more urgent tasks to leave first";
  }
}
