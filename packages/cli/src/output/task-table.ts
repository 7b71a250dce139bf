import type { TaskSummary } from "@sluice/protocol";
import { table } from "./table.ts";
import { paintState } from "./task-state.ts";
import type { Terminal } from "./terminal.ts";

/** Draws tasks as a table, one line each. */
export function taskTable(tasks: readonly TaskSummary[], terminal: Terminal): string[] {
  return table(
    [
      { title: "TASK", cell: ({ id }) => id },
      { title: "KIND", cell: ({ kind }) => kind },
      {
        title: "STATE",
        cell: ({ state }) => state,
        paint: (padded, { state }) => paintState(padded, state, terminal),
      },
      { title: "ATTEMPT", cell: ({ attempt }) => attempt, align: "right" },
      { title: "PRIORITY", cell: ({ priority }) => priority, align: "right" },
      { title: "CREATED", cell: ({ createdAt }) => createdAt },
      { title: "ENDED", cell: ({ endedAt }) => endedAt },
    ],
    tasks,
    terminal.width,
  );
}
