import type { RecorderRpc } from "../../../durable-objects/recorder/rpc.ts";
import { recorderName } from "../../../durable-objects/recorder/rpc.ts";
import { callAccount } from "../../accounts/call-registry.ts";
import { callObject } from "../../front/call-object.ts";
import type { Outcome } from "../../front/refusal.ts";
import type { Call } from "../../front/route.ts";
import { entryIdOf } from "../registry/entry-id.ts";

/** Calls the recorder of the site in the path, once the registry has said that the account has such a site. */
export async function callRecorder<Value>(
  call: Call<"operator">,
  ask: (recorder: RecorderRpc) => Promise<Outcome<Value>>,
): Promise<Outcome<Value>> {
  const { caller, context } = call;
  const id = entryIdOf(call, "site");
  if (!id.ok) return id;
  const site = await callAccount(context, caller.accountId, "repeatable", (registry) =>
    registry.getEntry("site", id.value),
  );
  if (!site.ok) return site;
  return callObject(context, "recorder.call_failed", "repeatable", () =>
    ask(context.env.RECORDER.getByName(recorderName(caller.accountId, id.value))),
  );
}
