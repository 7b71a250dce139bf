import { keyRing } from "../../front/authenticate.ts";
import type { Handler } from "../../front/route.ts";
import { mintKey } from "../../keys/index.ts";
import { keyIdBytes } from "../registry/entry-id.ts";
import { rotateEntry } from "../registry/rotate-entry.ts";

/**
 * `POST /v1/sites/{sitekey}/rotate {overlapSeconds?}` → the site with a new `secret`, which is in this
 * answer and nowhere else. The old one opens until the overlap ends, by default for two hours.
 */
export const rotateSite: Handler<"operator"> = (call) =>
  rotateEntry(call, "site", "secret", async (id) => {
    const { caller, context } = call;
    const owner = { account: caller.account, keyId: keyIdBytes(id) };
    return mintKey(keyRing(context), "siteSecret", owner, context.randomBytes);
  });
