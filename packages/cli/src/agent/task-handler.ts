import { TaskFailure, type TaskHandler } from "@sluice/sdk/node";
import type { AnyCollector } from "../collectors/collector.ts";
import { errorCode } from "../collectors/errors.ts";
import type { AgentEvent } from "./narrator.ts";

/** Makes a collector the handler of its kind, and tells when its tasks start and end. */
export function taskHandler(
  collector: AnyCollector,
  tell: (event: AgentEvent) => void,
  nowMs: () => number,
): TaskHandler {
  return async (args, context) => {
    const { id, kind } = context.task;
    const startedMs = nowMs();
    tell({ type: "task_started", id, kind });
    try {
      const run = collector.prepare(args);
      if (!run.ok) throw new TaskFailure("invalid_args", run.error);
      await run.value(context);
      tell({ type: "task_done", id, kind, ms: nowMs() - startedMs });
    } catch (error) {
      const type = context.signal.aborted ? "task_stopped" : "task_failed";
      tell({ type, id, kind, reason: errorReason(error) });
      throw error;
    }
  };
}

function errorReason(error: unknown): string {
  return error instanceof Error ? error.message : errorCode(error);
}
