import type { ClientView } from "@sluice/protocol";
import { fieldLines } from "./fields.ts";
import { plainJson, plainText } from "./plain-text.ts";
import type { Terminal } from "./terminal.ts";

/** Describes one client: who it is, whether it is there, what waits for it and what it can take. */
export function clientDetails(client: ClientView, { colours }: Terminal): string[] {
  const { queue, capacity } = client;
  const presence = client.online ? colours.green("online") : colours.yellow("offline");
  const marks = [client.paused && "paused", client.revoked && "revoked"].filter(Boolean);
  return [
    [colours.bold(plainText(client.id)), presence, ...marks].join("  "),
    ...fieldLines([
      ["name", client.name],
      ["labels", client.labels.join(", ") || null],
      ["facts", plainJson(client.facts)],
      ["agent", client.agent],
      ["epoch", client.epoch],
      ["enrolled", client.enrolledAt],
      ["ends", client.expiresAt],
      ["connected", client.connectedAt],
      ["last seen", client.lastSeenAt],
      ["queued", `${queue.queued} (${queue.bytes} bytes)`],
      ["oldest", queue.oldestAt],
      ["in flight", queue.inFlight],
      ["can take", capacity && capacityText(capacity)],
      ["clone suspected", client.cloneSuspectedAt],
    ]),
  ];
}

/** What a client can take now, in words. */
export function capacityText({ tokens, slots }: NonNullable<ClientView["capacity"]>): string {
  const rate = tokens === null ? "no rate limit" : `${Math.floor(tokens)} tokens`;
  return `${slots} free slots, ${rate}`;
}
