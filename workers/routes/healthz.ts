import { ok } from "@sluice/protocol";
import { respond } from "../front/respond.ts";
import type { Handler } from "../front/route.ts";

/** Says that the front runs; asks nothing else. */
export const answerHealth: Handler<"anyone"> = async () => ok(respond(200, { status: "ok" }));
