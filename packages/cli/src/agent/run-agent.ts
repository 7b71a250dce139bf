import {
  type ClientOptions,
  createClient,
  fileJournal,
  JournalLockedError,
} from "@sluice/sdk/node";
import type { AnyCollector } from "../collectors/collector.ts";
import { CommandFailure, EXIT_CODES } from "../output/exit-codes.ts";
import { type Identity, journalPath } from "./identity.ts";
import type { AgentEvent } from "./narrator.ts";
import { taskHandler } from "./task-handler.ts";

/** How an agent runs. */
export interface AgentSettings {
  readonly identity: Identity;
  readonly stateDirectory: string;
  readonly collectors: readonly AnyCollector[];
  readonly pace: Pick<ClientOptions, "limiter" | "concurrency" | "slots">;
  readonly facts: NonNullable<ClientOptions["facts"]>;
  /** `name/version` of the agent. */
  readonly agent: string;
}

/**
 * Runs an agent until `interrupted` aborts, then lets it finish what runs. Throws `CommandFailure` when
 * the service revoked the client, or when the journal is in use or broken.
 */
export async function runAgent(
  settings: AgentSettings,
  tell: (event: AgentEvent) => void,
  interrupted: AbortSignal,
): Promise<void> {
  const { identity, collectors, pace, facts, agent } = settings;
  const client = createClient({
    url: identity.url,
    token: identity.token,
    agent,
    journal: fileJournal(journalPath(settings.stateDirectory)),
    facts,
    onEvent: tell,
    ...pace,
  });
  for (const collector of collectors) {
    client.handle(collector.kind, taskHandler(collector, tell, Date.now));
  }
  tell({ type: "ready", kinds: collectors.map(({ kind }) => kind) });
  await client.start().catch(explainStart);
  await Promise.race([client.ended, whenAborted(interrupted)]);
  if (interrupted.aborted) tell({ type: "draining" });
  await client.stop();
  failUnlessStopped(await client.ended);
}

function explainStart(error: unknown): never {
  if (!(error instanceof JournalLockedError)) throw error;
  throw new CommandFailure(EXIT_CODES.failed, "another agent uses this state directory");
}

function failUnlessStopped(reason: Awaited<ReturnType<typeof createClient>["ended"]>): void {
  switch (reason) {
    case "stopped":
      return;
    case "revoked":
      throw new CommandFailure(EXIT_CODES.auth, "this client was revoked");
    case "unauthenticated":
      throw new CommandFailure(EXIT_CODES.auth, "the service does not accept the client token");
    case "journal_failed":
      throw new CommandFailure(EXIT_CODES.failed, "the journal failed");
  }
}

function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
