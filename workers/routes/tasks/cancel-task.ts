import type { Handler } from "../../front/route.ts";
import { askAboutTask } from "./of-task.ts";

/** `POST /v1/clients/{id}/tasks/{task}/cancel` → the task, which may still have to be stopped. */
export const cancelTask: Handler<"operator"> = (call) =>
  askAboutTask(call, "repeatable", (client, task) => client.cancelTask(task));
