import { type ClientView, isTerminal, type TaskSummary, type TaskView } from "@sluice/protocol";
import { capacityText } from "./client-details.ts";
import { plainText } from "./plain-text.ts";
import { progressBar } from "./progress-bar.ts";
import { table, truncate } from "./table.ts";
import { paintState } from "./task-state.ts";
import type { Terminal } from "./terminal.ts";

const BAR_WIDTH = 16;

/** A task in the live view: all of it where it has not ended, else its summary. */
export type WatchedTask = TaskSummary & Partial<Pick<TaskView, "progress" | "waitingFor">>;

/** Draws the live view of one client: its presence and queue, and the given tasks. */
export function watchView(
  client: ClientView,
  tasks: readonly WatchedTask[],
  terminal: Terminal,
): string[] {
  const { colours, width } = terminal;
  const presence = client.online ? colours.green("online") : colours.yellow("offline");
  const { queued, inFlight } = client.queue;
  const capacity = client.capacity === null ? "" : `, ${capacityText(client.capacity)}`;
  const name = truncate(plainText(client.name || client.id), Math.max(8, width - 10));
  return [
    `${colours.bold(name)}  ${presence}`,
    truncate(`${queued} queued, ${inFlight} in flight${capacity}`, width),
    "",
    ...table(
      [
        { title: "TASK", cell: ({ id }) => id },
        { title: "KIND", cell: ({ kind }) => kind },
        {
          title: "STATE",
          cell: ({ state }) => state,
          paint: (padded, { state }) => paintState(padded, state, terminal),
        },
        { title: "", cell: standing },
      ],
      tasks,
      width,
    ),
  ];
}

/** How far a task is, or why it waits. */
function standing({ state, progress, waitingFor }: WatchedTask): string {
  if (isTerminal(state)) return "";
  if (progress) return `${progressBar(progress.done, BAR_WIDTH)} ${progress.note ?? ""}`;
  return waitingFor ? `waiting for ${waitingFor}` : "";
}
