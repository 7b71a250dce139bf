import type { TaskId } from "@sluice/protocol";
import type { Repeatable } from "../../dispatch/call-client.ts";
import { findTaskId } from "../../dispatch/find.ts";
import type { ClientStub } from "../../env.ts";
import type { Outcome } from "../../front/refusal.ts";
import type { Call } from "../../front/route.ts";
import { askClient } from "../clients/of-client.ts";

/** Asks the client in the path about the task in the path, and answers 200 with what it says. */
export async function askAboutTask<Value>(
  call: Call<"operator">,
  repeatable: Repeatable,
  ask: (client: ClientStub, task: TaskId) => Promise<Outcome<Value>>,
): Promise<Outcome<Response>> {
  const task = findTaskId(call.params.task ?? "");
  if (!task.ok) return task;
  return askClient(call, repeatable, (client) => ask(client, task.value));
}
