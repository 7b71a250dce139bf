import type { AccountId } from "@sluice/protocol";
import type { Entry, ListedKind } from "./entries.ts";
import type { SecretHash } from "./records.ts";
import type { AccountSummary, AccountView, Views } from "./rpc.ts";

type Viewer<Kind extends ListedKind> = (entry: Entry<Kind>, now: number) => Views[Kind];

const VIEWERS: { readonly [Kind in ListedKind]: Viewer<Kind> } = {
  operator: (entry, now) => {
    const { label, role } = entry.body;
    return { ...viewRevocable(entry, now), label, role };
  },
  enrolment: (entry, now) => {
    const { label, labels, uses, expiresAtMs } = entry.body;
    return { ...viewRevocable(entry, now), label, labels, uses, expiresAt: isoTime(expiresAtMs) };
  },
  site: (entry, now) => {
    const { name, sitekey, hostnames, mode, threshold, policy, recording } = entry.body;
    const decided = { mode, threshold, policy, recording };
    return { ...viewRevocable(entry, now), name, sitekey, hostnames, ...decided };
  },
};

/** A key, a token or a site as its account's operators see it. */
export function viewEntry<Kind extends ListedKind>(entry: Entry<Kind>, now: number): Views[Kind] {
  return VIEWERS[entry.kind](entry, now);
}

/** An account as the admin sees it. */
export function viewAccount(account: AccountId, entry: Entry<"account">): AccountView {
  return { ...summariseAccount(account, entry), limits: entry.body.limits };
}

/** An account as it stands in the list of all. */
export function summariseAccount(account: AccountId, entry: Entry<"account">): AccountSummary {
  const { name, suspendedAtMs } = entry.body;
  return {
    id: account,
    name,
    createdAt: isoTime(entry.createdAtMs),
    suspendedAt: isoTimeOrNull(suspendedAtMs),
  };
}

function viewRevocable({ id, createdAtMs, body }: Entry<ListedKind>, now: number) {
  return {
    id,
    createdAt: isoTime(createdAtMs),
    revokedAt: isoTimeOrNull(body.revokedAtMs),
    oldSecretUntil: isoTimeOrNull(oldSecretUntil(body.secrets, now)),
  };
}

function oldSecretUntil(secrets: readonly SecretHash[], now: number): number | null {
  return secrets.find(({ untilMs }) => untilMs !== null && untilMs > now)?.untilMs ?? null;
}

/** A time in milliseconds as ISO 8601. */
export function isoTime(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

function isoTimeOrNull(timeMs: number | null): string | null {
  return timeMs === null ? null : isoTime(timeMs);
}
