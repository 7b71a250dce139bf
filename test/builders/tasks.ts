import type { DeliveredTask, TaskId, TaskSpec } from "@sluice/protocol";

/** A task as an operator schedules it. */
export function task(overrides: Partial<TaskSpec> = {}): TaskSpec {
  return { kind: "collect", args: { path: "/etc/hosts" }, ...overrides };
}

/** `count` tasks that differ by `args.n`, counted from `from`. */
export function tasks(count: number, overrides: Partial<TaskSpec> = {}, from = 0): TaskSpec[] {
  return Array.from({ length: count }, (_, index) =>
    task({ args: { n: from + index }, ...overrides }),
  );
}

/** A task id for tests of code that only carries it. */
export function taskId(name = "tk_1"): TaskId {
  return name as TaskId;
}

/** A task as a batch delivers it. */
export function deliveredTask(overrides: Partial<DeliveredTask> = {}): DeliveredTask {
  return {
    id: taskId(),
    attempt: 1,
    kind: "collect",
    args: {},
    priority: 5,
    timeoutMs: 600_000,
    deadline: "2100-01-01T00:00:00.000Z",
    ...overrides,
  };
}
