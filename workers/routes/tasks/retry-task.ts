import type { Handler } from "../../front/route.ts";
import { askAboutTask } from "./of-task.ts";

/** `POST /v1/clients/{id}/tasks/{task}/retry` → a new task that names this one as its parent. */
export const retryTask: Handler<"operator"> = (call) =>
  askAboutTask(call, "once", (client, task) => client.retryTask(task));
