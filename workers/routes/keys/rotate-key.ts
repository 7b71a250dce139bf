import { keyRing } from "../../front/authenticate.ts";
import type { Handler } from "../../front/route.ts";
import { mintKey } from "../../keys/index.ts";
import { keyIdBytes } from "../registry/entry-id.ts";
import { rotateEntry } from "../registry/rotate-entry.ts";

/**
 * `POST /v1/keys/{id}/rotate {overlapSeconds?}` → the key with a new text, which is in this answer and
 * nowhere else. The old text opens until the overlap ends, by default for a day.
 */
export const rotateKey: Handler<"operator"> = (call) =>
  rotateEntry(call, "operator", "key", async (id) => {
    const { caller, context } = call;
    const owner = { account: caller.account, keyId: keyIdBytes(id) };
    return mintKey(keyRing(context), "operator", owner, context.randomBytes);
  });
