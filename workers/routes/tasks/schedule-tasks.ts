import { ok, parseScheduleBody } from "@sluice/protocol";
import { scheduleTasks as schedule } from "../../dispatch/schedule.ts";
import { refuse } from "../../front/refusal.ts";
import { respondJson } from "../../front/respond.ts";
import type { Handler } from "../../front/route.ts";
import { mediaTypeOf } from "../../front/screen.ts";
import { clientOf } from "../clients/of-client.ts";

/** One task a line. */
export const NDJSON = "application/x-ndjson";

/** `POST /v1/clients/{id}/tasks {tasks:[…]}`, or one task a line → 202 `{tasks:[{id, state, duplicate}]}`. */
export const scheduleTasks: Handler<"operator"> = async (call) => {
  const clientId = clientOf(call);
  if (!clientId.ok) return clientId;
  const format = mediaTypeOf(call.request.headers) === NDJSON ? "ndjson" : "json";
  const tasks = parseScheduleBody(call.body, format);
  if (!tasks.ok) return refuse("invalid_task", tasks.error.detail);
  const scheduled = await schedule(call.context, clientId.value, tasks.value);
  return scheduled.ok ? ok(respondJson(202, `{"tasks":${scheduled.value}}`)) : scheduled;
};
