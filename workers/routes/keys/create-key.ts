import { ok } from "@sluice/protocol";
import { issueOperatorKey } from "../../accounts/issue-key.ts";
import { parseBody } from "../../front/parse-body.ts";
import { respond } from "../../front/respond.ts";
import type { Handler } from "../../front/route.ts";
import { readKeySpec } from "./read-key-spec.ts";

/** `POST /v1/keys {label?, role?}` → 201 with the key, whose text is in this answer and nowhere else. */
export const createKey: Handler<"operator"> = async ({ body, caller, context }) => {
  const spec = parseBody(body, (fields) => readKeySpec(fields, "operator"));
  if (!spec.ok) return spec;
  const by = `key:${caller.keyId}` as const;
  const issued = await issueOperatorKey(context, caller.account, spec.value, by);
  return issued.ok ? ok(respond(201, issued.value)) : issued;
};
