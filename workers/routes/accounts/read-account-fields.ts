import type { FieldReader } from "@sluice/protocol";
import {
  ACCOUNT_LIMITS,
  type AccountLimits,
  RECORD_LIMITS,
} from "../../../durable-objects/registry/rpc.ts";

type LimitName = keyof AccountLimits;
const LIMIT_NAMES = Object.keys(ACCOUNT_LIMITS) as LimitName[];

/** The field `name` of an account. */
export function readAccountName(fields: FieldReader): string {
  return fields.name("name", RECORD_LIMITS.nameCharacters);
}

/** The field `limits`: those that are to be set, each a whole number up to the most that can be given. */
export function readLimits(fields: FieldReader): Partial<AccountLimits> {
  if (!fields.has("limits")) return {};
  const names = Object.keys(fields.object("limits"));
  if (names.some((name) => !LIMIT_NAMES.some((known) => known === name))) {
    fields.refuse("limits", `must name only ${LIMIT_NAMES.join(", ")}`);
    return {};
  }
  const limits = fields.nested("limits");
  return Object.fromEntries(
    LIMIT_NAMES.filter((name) => limits.has(name)).map((name) => [
      name,
      limits.integer(name, 0, ACCOUNT_LIMITS[name].most),
    ]),
  );
}
