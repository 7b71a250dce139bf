import { onTestFinished } from "vitest";
import {
  type ClientEvent,
  type CreateClientOptions,
  createClient,
  type Journal,
  memoryJournal,
  type SluiceClient,
} from "../../../../packages/sdk/src/node.ts";
import { BRISK } from "./tuning.ts";
import { type ServerManners, WireServer } from "./wire-server.ts";

/** A server for the length of a test. */
export async function startServer(manners: Partial<ServerManners> = {}): Promise<WireServer> {
  const server = await WireServer.listen(manners);
  onTestFinished(() => server.close());
  return server;
}

/** A journal in memory whose syncs can be held up. */
export function slowJournal() {
  let held: Promise<void> = Promise.resolve();
  let release = () => {};
  const journal: Journal = { ...memoryJournal(), sync: () => held };
  return {
    journal,
    hold() {
      held = new Promise((resolve) => {
        release = resolve;
      });
    },
    release: () => release(),
  };
}

/** A client with its events, stopped when the test is over; not started. */
export function makeClient(
  server: WireServer,
  options: Partial<CreateClientOptions> = {},
): SluiceClient & { readonly events: ClientEvent[] } {
  const events: ClientEvent[] = [];
  const client = createClient({
    url: server.url,
    token: "ct_test",
    agent: "test/1",
    onEvent: (event) => events.push(event),
    ...options,
    tuning: { ...BRISK, ...options.tuning },
  });
  onTestFinished(() => client.stop());
  return Object.assign(client, { events });
}
