import type { Bodies, ListedKind } from "./entries.ts";
import type { Specs } from "./rpc.ts";
import { firstSecret, type NewSecret } from "./secrets.ts";

type Composer<Kind extends ListedKind> = (spec: Specs[Kind]) => Bodies[Kind];

const COMPOSERS: { readonly [Kind in ListedKind]: Composer<Kind> } = {
  operator: ({ label, role, ...spec }) => ({ label, role, ...opened(spec) }),
  enrolment: ({ label, labels, uses, expiresAtMs, ...spec }) => ({
    label,
    labels,
    uses,
    expiresAtMs,
    ...opened(spec),
  }),
  site: ({ name, sitekey, hostnames, mode, threshold, policy, recording, ...spec }) => ({
    name,
    sitekey,
    hostnames,
    mode,
    threshold,
    policy,
    recording,
    ...opened(spec),
  }),
};

/** What is stored of something new: exactly what its kind has, whatever else was sent. */
export function bodyOfSpec<Kind extends ListedKind>(kind: Kind, spec: Specs[Kind]): Bodies[Kind] {
  return COMPOSERS[kind](spec);
}

function opened(secret: NewSecret) {
  return { secrets: firstSecret(secret), revokedAtMs: null };
}
