import { ok, TASK_STATES, type TaskState } from "@sluice/protocol";
import type { TaskListQuery } from "../../../durable-objects/client/rpc.ts";
import { readPageQuery } from "../../front/page-query.ts";
import { type Outcome, refuse } from "../../front/refusal.ts";
import type { Handler } from "../../front/route.ts";
import { askClient } from "../clients/of-client.ts";

/** `GET /v1/clients/{id}/tasks?state=&cursor=&limit=` → a page of tasks. */
export const listTasks: Handler<"operator"> = async (call) => {
  const query = readQuery(new URL(call.request.url).searchParams);
  if (!query.ok) return query;
  return askClient(call, "repeatable", (client) => client.listTasks(query.value));
};

function readQuery(parameters: URLSearchParams): Outcome<TaskListQuery> {
  const page = readPageQuery(parameters);
  if (!page.ok) return page;
  const wanted = parameters.get("state");
  const state = TASK_STATES.find((candidate: TaskState) => candidate === wanted) ?? null;
  if (wanted !== null && state === null) {
    return refuse("bad_request", `state must be one of ${TASK_STATES.join(", ")}`);
  }
  return ok({ state, ...page.value });
}
