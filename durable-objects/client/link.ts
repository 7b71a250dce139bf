import type { HelloFrame } from "@sluice/protocol";
import { isCloneSuspected, noteTakeover } from "./connection.ts";
import type { LinkRow } from "./storage.ts";

/**
 * The link row after a hello: the next epoch, and a takeover noted where the older socket was alive.
 * Two machines with one identity take each other's place in turn, which one machine never does.
 */
export function linkAfterHello(
  link: LinkRow,
  hello: HelloFrame,
  olderAlive: boolean,
  now: number,
): LinkRow {
  const takeovers = olderAlive ? noteTakeover(link.takeovers, now) : link.takeovers;
  return {
    ...link,
    epoch: link.epoch + 1,
    agent: hello.agent,
    connectedAt: now,
    lastSeenAt: now,
    takeovers,
    cloneSuspectedAt: isCloneSuspected(takeovers, now) && olderAlive ? now : link.cloneSuspectedAt,
  };
}
