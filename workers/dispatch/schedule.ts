import type { ClientId, NormalisedTask } from "@sluice/protocol";
import type { Outcome } from "../front/refusal.ts";
import type { RequestContext } from "../front/request-context.ts";
import { callClient } from "./call-client.ts";
import { encodeTasks } from "./encode-tasks.ts";

/**
 * Hands checked tasks to a client's object, all or none. Made again on failure only when every task has an
 * idempotency key; otherwise the caller decides, since the first call may have been stored. Answers with
 * the JSON text of `ScheduledTask[]`.
 */
export function scheduleTasks(
  context: RequestContext,
  clientId: ClientId,
  tasks: readonly NormalisedTask[],
): Promise<Outcome<string>> {
  const repeatable = tasks.every((task) => task.idempotencyKey !== null) ? "repeatable" : "once";
  const encoded = encodeTasks(tasks);
  return callClient(context, clientId, repeatable, (client) => client.schedule(encoded));
}
