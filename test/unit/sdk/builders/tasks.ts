import { type DeliveredTask, isTerminal, type ReportItem, type TaskId } from "@sluice/protocol";

/** An id of a task in a test. */
export function taskId(name: string | number): TaskId {
  return `tk_${name}` as TaskId;
}

/** A delivered task with harmless values where the test says nothing. */
export function delivered(
  name: string | number,
  changes: Partial<Omit<DeliveredTask, "id">> = {},
): DeliveredTask {
  return {
    id: taskId(name),
    attempt: 1,
    kind: "echo",
    args: {},
    priority: 5,
    timeoutMs: 60_000,
    deadline: "2099-01-01T00:00:00.000Z",
    ...changes,
  };
}

/** `count` tasks, named from `first` on. */
export function deliveredMany(count: number, first = 0): DeliveredTask[] {
  return Array.from({ length: count }, (_, index) => delivered(first + index));
}

/** The ends among items, as `name event` or `name failed:code`. */
export function ends(items: readonly ReportItem[]): string[] {
  return items.flatMap((item) => {
    if (item.event === "started" || item.event === "progress" || item.event === "rows") return [];
    if (!isTerminal(item.event)) return [];
    const name = item.id.slice("tk_".length);
    return [
      item.event === "failed" ? `${name} failed:${item.error.code}` : `${name} ${item.event}`,
    ];
  });
}
