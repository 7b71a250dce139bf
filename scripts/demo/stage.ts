import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createOperator, type Operator } from "@sluice/sdk/operator";
import { operatorKeyOf } from "../first-account.ts";
import { loadSecrets } from "../secrets.ts";
import { startService } from "../service.ts";
import { AgentProcess, type AgentSetup } from "./agent-process.ts";

/** Tries again where a process that is just ending has put a file into the folder. */
const ERASE = { recursive: true, force: true, maxRetries: 5, retryDelay: 100 } as const;

/** What the demonstration runs on: a service on a free port, its storage in a temporary folder. */
export interface Stage {
  readonly url: string;
  readonly operatorKey: string;
  readonly operator: Operator;
  /** For whatever must be gone in the end. */
  readonly folder: string;
  /** Enrols a new client of this name and starts its agent. */
  startAgent(setup: Pick<AgentSetup, "name" | "slots" | "limiter">): Promise<AgentProcess>;
  /** Stops the service and erases the folder. */
  close(): Promise<void>;
}

/** Builds the Worker and starts it. */
export async function openStage(): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-demo-"));
  const erase = () => rmSync(folder, ERASE);
  // Ctrl-C and failures end the process without asking; nothing of the demonstration is left even then.
  process.once("exit", erase);
  const secretsPath = join(folder, "secrets.json");
  const secrets = await loadSecrets(secretsPath);
  const service = await startService({ persistTo: join(folder, "state"), ...secrets });
  const { url } = service;
  const operatorKey = await operatorKeyOf(url, secrets, secretsPath);
  const operator = createOperator({ url, key: operatorKey });
  return {
    url,
    operatorKey,
    operator,
    folder,
    async startAgent(setup) {
      const { token } = await operator.createEnrolmentToken({ expiresInSeconds: 60 });
      const stateDirectory = join(folder, setup.name);
      return AgentProcess.start({ ...setup, url, stateDirectory, enrolToken: token });
    },
    async close() {
      await service.stop();
      erase();
      process.removeListener("exit", erase);
    },
  };
}
