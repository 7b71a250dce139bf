import { readPageQuery } from "../../front/page-query.ts";
import type { Handler } from "../../front/route.ts";
import { askAboutTask } from "./of-task.ts";

/** `GET /v1/clients/{id}/tasks/{task}/rows?cursor=&limit=` → a page of the task's results. */
export const listRows: Handler<"operator"> = async (call) => {
  const page = readPageQuery(new URL(call.request.url).searchParams);
  if (!page.ok) return page;
  return askAboutTask(call, "repeatable", (client, task) => client.listRows(task, page.value));
};
