import type { ClientView } from "@sluice/protocol";
import { tokensAt } from "./capacity.ts";
import { isAlive } from "./connection.ts";
import type { Dispatch } from "./dispatch.ts";
import type { Identity, LinkRow } from "./storage.ts";

/** The client as its operator sees it. Liveness comes from the runtime's own pings: no one is woken. */
export function viewClient(
  identity: Identity,
  link: LinkRow,
  dispatch: Dispatch,
  lastPingAt: number | null,
  now: number,
): ClientView {
  const { connection, queue } = dispatch;
  const online = connection !== null && isAlive(connection, lastPingAt, now);
  const lastSeenAt = Math.max(link.lastSeenAt ?? 0, connection?.heardAt ?? 0, lastPingAt ?? 0);
  return {
    id: identity.client,
    name: identity.name,
    labels: identity.labels,
    facts: { ...identity.facts },
    agent: link.agent,
    online,
    paused: identity.paused,
    revoked: identity.revokedAt !== null,
    epoch: link.epoch,
    enrolledAt: iso(identity.enrolledAt),
    expiresAt: isoOrNull(identity.expiresAt),
    connectedAt: isoOrNull(connection?.connectedAt ?? null),
    lastSeenAt: lastSeenAt === 0 ? null : iso(lastSeenAt),
    queue: { ...queue, oldestAt: isoOrNull(queue.oldestAt) },
    capacity: connection && {
      tokens: connection.capacity.rate && Math.floor(tokensAt(connection.capacity, now)),
      slots: connection.capacity.slots,
    },
    cloneSuspectedAt: isoOrNull(link.cloneSuspectedAt),
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : iso(ms);
}
