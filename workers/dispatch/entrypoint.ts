import {
  type ClientId,
  isJsonObject,
  LIMITS,
  type NormalisedTask,
  ok,
  parseTaskSpec,
  type ScheduledTask,
  type TaskView,
} from "@sluice/protocol";
import { keyRing } from "../front/authenticate.ts";
import { readAccount } from "../front/read-records.ts";
import { type Outcome, refuse } from "../front/refusal.ts";
import type { RequestContext } from "../front/request-context.ts";
import { withinAccount } from "../front/within-account.ts";
import { FIRST_ACCOUNT, formatAccountId, parseAccountId } from "../keys/index.ts";
import { redeemPass } from "../verify/redeem-pass.ts";
import type { Redemption } from "../verify/redemption.ts";
import { callClient } from "./call-client.ts";
import { findClient, findTaskId } from "./find.ts";
import { scheduleTasks } from "./schedule.ts";

/** What the binding of another Worker says of it; a caller cannot forge it, its configuration is ours. */
export interface CallerProps {
  /** The account that it acts for; the first one if it names none. */
  readonly account?: string;
}

/**
 * Schedules tasks for another Worker of the deployment. Another Worker is trusted to call, not to call
 * correctly, so everything is checked as for HTTP.
 */
export function schedule(
  context: RequestContext,
  props: CallerProps,
  client: string,
  tasks: unknown,
): Promise<Outcome<readonly ScheduledTask[]>> {
  return actFor(context, props, client, async (clientId) => {
    const checked = checkTasks(tasks);
    if (!checked.ok) return checked;
    const scheduled = await scheduleTasks(context, clientId, checked.value);
    return scheduled.ok ? ok(JSON.parse(scheduled.value)) : scheduled;
  });
}

/** Finds a task for another Worker of the deployment. */
export function findTask(
  context: RequestContext,
  props: CallerProps,
  client: string,
  task: string,
): Promise<Outcome<TaskView>> {
  return actFor(context, props, client, async (clientId) => {
    const taskId = findTaskId(task);
    if (!taskId.ok) return taskId;
    return callClient(context, clientId, "repeatable", (stub) => stub.getTask(taskId.value));
  });
}

/**
 * Redeems a pass for another Worker of the deployment. The secret says whose site it is, so that no account
 * is asked for; what the caller sends is checked as from outside.
 */
export function siteverify(context: RequestContext, request: unknown): Promise<Redemption> {
  const given = isJsonObject(request) ? request : {};
  const text = (name: string) => (typeof given[name] === "string" ? given[name] : "");
  return redeemPass(context, {
    secret: text("secret"),
    pass: text("response"),
    sitekey: text("sitekey"),
    idempotencyKey: text("idempotencyKey"),
  });
}

/** Does something with a client of the caller's account, within the account's limits. */
async function actFor<Value>(
  context: RequestContext,
  { account = formatAccountId(FIRST_ACCOUNT) }: CallerProps,
  client: string,
  work: (clientId: ClientId) => Promise<Outcome<Value>>,
): Promise<Outcome<Value>> {
  const bytes = parseAccountId(account);
  if (bytes === null) return refuse("not_found", "the binding names no account");
  const clientId = findClient(keyRing(context), bytes, client);
  if (!clientId.ok) return clientId;
  const record = await readAccount(context, formatAccountId(bytes));
  if (!record.ok) return record;
  return withinAccount(context, record.value, () => work(clientId.value));
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
