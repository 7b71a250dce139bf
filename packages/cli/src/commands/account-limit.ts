import type { AccountLimits } from "@sluice/sdk/operator";
import { InvalidArgumentError } from "commander";

const NAMES: readonly (keyof AccountLimits)[] = [
  "requestsPerMinute",
  "requestsInFlight",
  "clients",
  "sites",
  "keys",
  "enrolmentTokens",
];

/** Gathers limits of an account, each as `name=number`. */
export function accountLimit(
  text: string,
  before: Partial<AccountLimits> | undefined,
): Partial<AccountLimits> {
  const [given, number = "", ...rest] = text.split("=");
  const name = NAMES.find((known) => known === given);
  if (name === undefined || rest.length > 0 || !/^\d{1,15}$/.test(number)) {
    throw new InvalidArgumentError(`give name=number, name one of ${NAMES.join(", ")}.`);
  }
  return { ...before, [name]: Number(number) };
}
