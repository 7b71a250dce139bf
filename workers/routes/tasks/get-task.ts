import type { Handler } from "../../front/route.ts";
import { askAboutTask } from "./of-task.ts";

/** `GET /v1/clients/{id}/tasks/{task}` → the task, whole. */
export const getTask: Handler<"operator"> = (call) =>
  askAboutTask(call, "repeatable", (client, task) => client.getTask(task));
