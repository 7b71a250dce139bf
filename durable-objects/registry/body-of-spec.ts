import type { Bodies, ListedKind } from "./entries.ts";
import type { Specs } from "./rpc.ts";
import { firstSecret } from "./secrets.ts";

type Composer<Kind extends ListedKind> = (spec: Specs[Kind]) => Bodies[Kind];

const COMPOSERS: { readonly [Kind in ListedKind]: Composer<Kind> } = {
  operator: ({ label, role, secretHash }) => ({ label, role, ...opened(secretHash) }),
  enrolment: ({ label, labels, uses, expiresAtMs, secretHash }) => ({
    label,
    labels,
    uses,
    expiresAtMs,
    ...opened(secretHash),
  }),
  site: ({ name, sitekey, hostnames, mode, threshold, policy, secretHash }) => ({
    name,
    sitekey,
    hostnames,
    mode,
    threshold,
    policy,
    ...opened(secretHash),
  }),
};

/** What is stored of something new: exactly what its kind has, whatever else was sent. */
export function bodyOfSpec<Kind extends ListedKind>(kind: Kind, spec: Specs[Kind]): Bodies[Kind] {
  return COMPOSERS[kind](spec);
}

function opened(secretHash: string) {
  return { secrets: firstSecret(secretHash), revokedAtMs: null };
}
