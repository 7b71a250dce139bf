import { type Capacity, type HelloFrame, LIMITS } from "@sluice/protocol";
import type { JournalState } from "../journal/journal-state.ts";
import type { ClientOptions } from "./client-options.ts";
import { holdings } from "./holdings.ts";

/** The first frame of a connection: who the client is, what it has and what it could take now. */
export function helloOf(
  { agent, facts }: Pick<ClientOptions, "agent" | "facts">,
  state: JournalState,
  capacity: Capacity,
): HelloFrame {
  const { position } = state;
  return {
    type: "hello",
    agent: agent.slice(0, LIMITS.agentCharacters),
    capacity,
    ...(position !== null && { resume: position }),
    running: holdings(state),
    ...(facts !== undefined && { facts }),
  };
}
