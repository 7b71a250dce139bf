import { ok } from "@sluice/protocol";
import { openToPages } from "../../front/cors.ts";
import { parseBody } from "../../front/parse-body.ts";
import { problem } from "../../front/problem.ts";
import type { Handler } from "../../front/route.ts";
import { enrolMachine } from "./enrol-machine.ts";
import { enrolVisitor } from "./enrol-visitor.ts";

/**
 * `POST /v1/enrol`: with an enrolment token for a machine, with a pass for a verified visitor's browser. A
 * page of any origin may read the answer to a call with a pass, and to no other: a token has no place in a page.
 */
export const enrol: Handler<"anyone"> = async (call) => {
  const carriesPass = parseBody(call.body, (fields) => fields.has("pass"));
  if (!carriesPass.ok) return carriesPass;
  if (!carriesPass.value) return enrolMachine(call);
  const enrolled = await enrolVisitor(call);
  const { requestId } = call.context;
  return ok(openToPages(enrolled.ok ? enrolled.value : problem(enrolled.error, requestId)));
};
