import { VERIFY_LIMITS } from "@sluice/protocol";
import type { Question } from "./call-service.ts";
import type { Fault } from "./faults.ts";

const NAME = /^[A-Za-z0-9_-]*$/;

/** What is wrong with a question before it is sent; null when nothing is. */
export function faultOf({ sitekey, action, cdata }: Question): Fault | null {
  if (sitekey === "" || sitekey.length > VERIFY_LIMITS.sitekeyCharacters) return "invalid_sitekey";
  if (!isName(action, VERIFY_LIMITS.actionCharacters)) return "invalid_action";
  return isName(cdata, VERIFY_LIMITS.cdataCharacters) ? null : "invalid_cdata";
}

function isName(value: string | null, most: number): boolean {
  return value === null || (value.length <= most && NAME.test(value));
}
