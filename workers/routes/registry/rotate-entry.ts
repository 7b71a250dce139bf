import { type FieldReader, ok } from "@sluice/protocol";
import { type ListedKind, MAX_OVERLAP_SECONDS } from "../../../durable-objects/registry/rpc.ts";
import { callAccount } from "../../accounts/call-registry.ts";
import { parseBody } from "../../front/parse-body.ts";
import type { Outcome } from "../../front/refusal.ts";
import { respond } from "../../front/respond.ts";
import type { Call } from "../../front/route.ts";
import { hashKey, signingStateOf } from "../../keys/index.ts";
import { actorOf } from "./ask-registry.ts";
import { entryIdOf } from "./entry-id.ts";

/**
 * Gives the entry in the path a new secret that `mint` makes for its id, and answers 200 with the entry and,
 * under the name `field`, the secret.
 */
export async function rotateEntry(
  call: Call<"operator">,
  kind: ListedKind,
  field: string,
  mint: (id: string) => Promise<string>,
): Promise<Outcome<Response>> {
  const overlapSeconds = parseBody(call.body, readOverlap);
  if (!overlapSeconds.ok) return overlapSeconds;
  const id = entryIdOf(call, kind);
  if (!id.ok) return id;
  const { caller, context } = call;
  const secret = await mint(id.value);
  const rotation = {
    secretHash: hashKey(secret),
    ...(kind === "site" && { signing: signingStateOf(secret) }),
    overlapSeconds: overlapSeconds.value,
  };
  const rotated = await callAccount(context, caller.accountId, "once", (registry) =>
    registry.rotateSecret(kind, id.value, rotation, actorOf(caller)),
  );
  return rotated.ok ? ok(respond(200, { ...rotated.value, [field]: secret })) : rotated;
}

/** How long the old secret goes on opening; null where the call does not say. 0 ends it at once. */
export function readOverlap(fields: FieldReader): number | null {
  return fields.has("overlapSeconds")
    ? fields.integer("overlapSeconds", 0, MAX_OVERLAP_SECONDS)
    : null;
}
