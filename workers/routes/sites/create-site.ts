import { ok } from "@sluice/protocol";
import { callAccount } from "../../accounts/call-registry.ts";
import { keyRing } from "../../front/authenticate.ts";
import { parseBody } from "../../front/parse-body.ts";
import { respond } from "../../front/respond.ts";
import type { Handler } from "../../front/route.ts";
import { encodeBase32, hashKey, mintKey, signingStateOf, timedKeyId } from "../../keys/index.ts";
import { actorOf } from "../registry/ask-registry.ts";
import { readSite } from "./read-site-fields.ts";

/**
 * `POST /v1/sites {name, hostnames, mode?, threshold?, policy?, recording?}` → 201 with the site, its public `sitekey`,
 * and its `secret`, which is in this answer and nowhere else. Both are made with one key id, so that they
 * lead to one record.
 */
export const createSite: Handler<"operator"> = async ({ body, caller, context }) => {
  const fields = parseBody(body, readSite);
  if (!fields.ok) return fields;
  const ring = keyRing(context);
  const keyId = timedKeyId(context.now(), context.randomBytes);
  const owner = { account: caller.account, keyId };
  const sitekey = mintKey(ring, "site", owner, context.randomBytes);
  const secret = mintKey(ring, "siteSecret", owner, context.randomBytes);
  const kept = { secretHash: hashKey(secret), signing: signingStateOf(secret) };
  const minted = { id: encodeBase32(keyId), sitekey, ...kept };
  const created = await callAccount(context, caller.accountId, "once", (registry) =>
    registry.createEntry("site", { ...fields.value, ...minted }, actorOf(caller)),
  );
  return created.ok ? ok(respond(201, { ...created.value, secret })) : created;
};
