import type { AccountId, ClientId } from "@sluice/protocol";
import type { Outcome } from "../front/refusal.ts";
import type { RequestContext } from "../front/request-context.ts";
import { callAccount } from "./call-registry.ts";

/**
 * Enrols a client that has a place within its account's limit, and returns the place if that fails. A place
 * is returned too when it is not known whether it was taken: to return one that was not changes nothing.
 */
export async function withPlace<Value>(
  context: RequestContext,
  account: AccountId,
  client: ClientId,
  enrol: () => Promise<Outcome<Value>>,
): Promise<Outcome<Value>> {
  const taken = await callAccount(context, account, "repeatable", (registry) =>
    registry.takePlace(client),
  );
  if (!taken.ok && taken.error.code !== "unavailable") return taken;
  const enrolled = taken.ok ? await enrol() : taken;
  if (!enrolled.ok) {
    await callAccount(context, account, "repeatable", (registry) =>
      registry.returnPlace(client, "enrolment_failed"),
    );
  }
  return enrolled;
}

/**
 * Returns the place of a client that its own object has just removed, which it says once. If this call or
 * that answer is lost, the place stays taken: the limit is then met early, and never exceeded.
 */
export async function leavePlace(
  context: RequestContext,
  account: AccountId,
  client: ClientId,
): Promise<void> {
  await callAccount(context, account, "repeatable", (registry) =>
    registry.returnPlace(client, "removed"),
  );
}
