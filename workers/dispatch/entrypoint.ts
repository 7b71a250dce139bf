import {
  LIMITS,
  type NormalisedTask,
  ok,
  parseTaskSpec,
  type ScheduledTask,
  type TaskView,
} from "@sluice/protocol";
import { keyRing } from "../front/authenticate.ts";
import { type Outcome, refuse } from "../front/refusal.ts";
import type { RequestContext } from "../front/request-context.ts";
import { FIRST_ACCOUNT } from "../keys/index.ts";
import { callClient } from "./call-client.ts";
import { findClient, findTaskId } from "./find.ts";
import { scheduleTasks } from "./schedule.ts";

/**
 * Schedules tasks for another Worker of the deployment, which acts for the first account. Another Worker is
 * trusted to call, not to call correctly, so everything is checked as for HTTP.
 */
export async function schedule(
  context: RequestContext,
  client: string,
  tasks: unknown,
): Promise<Outcome<readonly ScheduledTask[]>> {
  const clientId = await findClient(await keyRing(context), FIRST_ACCOUNT, client);
  if (!clientId.ok) return clientId;
  const checked = checkTasks(tasks);
  if (!checked.ok) return checked;
  const scheduled = await scheduleTasks(context, clientId.value, checked.value);
  return scheduled.ok ? ok(JSON.parse(scheduled.value)) : scheduled;
}

/** Finds a task for another Worker of the deployment. */
export async function findTask(
  context: RequestContext,
  client: string,
  task: string,
): Promise<Outcome<TaskView>> {
  const clientId = await findClient(await keyRing(context), FIRST_ACCOUNT, client);
  if (!clientId.ok) return clientId;
  const taskId = findTaskId(task);
  if (!taskId.ok) return taskId;
  return callClient(context, clientId.value, "repeatable", (stub) => stub.getTask(taskId.value));
}

function checkTasks(tasks: unknown): Outcome<NormalisedTask[]> {
  if (!Array.isArray(tasks) || tasks.length === 0 || tasks.length > LIMITS.callTasks) {
    return refuse("invalid_task", `tasks must hold 1 to ${LIMITS.callTasks} entries`);
  }
  const checked: NormalisedTask[] = [];
  let characters = 0;
  for (const [index, task] of tasks.entries()) {
    const parsed = parseTaskSpec(task);
    if (!parsed.ok) return refuse("invalid_task", `tasks[${index}]: ${parsed.error.detail}`);
    checked.push(parsed.value);
    characters += parsed.value.argsJson.length;
    if (characters > LIMITS.callBytes) {
      return refuse("body_too_large", `a call may have ${LIMITS.callBytes} bytes`);
    }
  }
  return ok(checked);
}
