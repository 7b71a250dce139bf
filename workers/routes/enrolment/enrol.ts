import { parseBody } from "../../front/parse-body.ts";
import type { Handler } from "../../front/route.ts";
import { enrolMachine } from "./enrol-machine.ts";
import { enrolVisitor } from "./enrol-visitor.ts";

/** `POST /v1/enrol`: with a pass for a verified visitor's browser, with an enrolment token for a machine. */
export const enrol: Handler<"anyone"> = async (call) => {
  const carriesPass = parseBody(call.body, (fields) => fields.has("pass"));
  if (!carriesPass.ok) return carriesPass;
  return carriesPass.value ? enrolVisitor(call) : enrolMachine(call);
};
