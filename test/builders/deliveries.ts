import type { ReportItem, TaskId } from "@sluice/protocol";
import { DispatchRig } from "./dispatch-rig.ts";
import { task } from "./tasks.ts";

export const started = (id: TaskId, attempt = 1): ReportItem => ({ id, attempt, event: "started" });
export const succeeded = (id: TaskId, attempt = 1): ReportItem => ({
  id,
  attempt,
  event: "succeeded",
});

/** A connected client that was sent one task and has not answered. */
export function leased(spec = task()) {
  const rig = new DispatchRig().connect();
  return { rig, id: rig.scheduleOne(spec) };
}

/** A connected client that holds one task. */
export function accepted(spec = task()) {
  const { rig, id } = leased(spec);
  rig.ack();
  return { rig, id };
}

/** A connected client that runs one task. */
export function running(spec = task()) {
  const { rig, id } = accepted(spec);
  rig.report(started(id));
  return { rig, id };
}
