import type { AccountId } from "@sluice/protocol";
import {
  type AccountRpc,
  accountObject,
  type EnrolmentRpc,
  enrolmentObject,
  ROOT_OBJECT,
  type RootRpc,
} from "../../durable-objects/registry/rpc.ts";
import { callObject, type Repeatable } from "../front/call-object.ts";
import type { Outcome } from "../front/refusal.ts";
import type { RequestContext } from "../front/request-context.ts";

const EVENT = "registry.call_failed";

/** Calls the object of one account. */
export function callAccount<Value>(
  context: RequestContext,
  account: AccountId,
  repeatable: Repeatable,
  call: (registry: AccountRpc) => Promise<Outcome<Value>>,
): Promise<Outcome<Value>> {
  const { REGISTRY } = context.env;
  return callObject(context, EVENT, repeatable, () =>
    call(REGISTRY.getByName(accountObject(account))),
  );
}

/** Calls the object that counts the uses of one enrolment token. */
export function callEnrolment<Value>(
  context: RequestContext,
  keyId: string,
  call: (uses: EnrolmentRpc) => Promise<Outcome<Value>>,
): Promise<Outcome<Value>> {
  const { REGISTRY } = context.env;
  return callObject(context, EVENT, "repeatable", () =>
    call(REGISTRY.getByName(enrolmentObject(keyId))),
  );
}

/** Calls the object that lists all accounts. */
export function callRoot<Value>(
  context: RequestContext,
  call: (root: RootRpc) => Promise<Outcome<Value>>,
  timeoutMs?: number,
): Promise<Outcome<Value>> {
  const { REGISTRY } = context.env;
  const callIt = () => call(REGISTRY.getByName(ROOT_OBJECT));
  return callObject(context, EVENT, "repeatable", callIt, timeoutMs);
}
