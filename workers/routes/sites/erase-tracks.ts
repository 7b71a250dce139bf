import { ok } from "@sluice/protocol";
import { respondEmpty } from "../../front/respond.ts";
import type { Handler } from "../../front/route.ts";
import { callRecorder } from "./site-recorder.ts";

/** `DELETE /v1/sites/{sitekey}/tracks` → 204: nothing of what was kept for training is left; recording goes on. */
export const eraseTracks: Handler<"operator"> = async (call) => {
  const erased = await callRecorder(call, async (recorder) => ok(await recorder.erase()));
  return erased.ok ? ok(respondEmpty()) : erased;
};
