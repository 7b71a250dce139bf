import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { AgentEvents } from "./agent-events.ts";
import type { Limiter } from "./limiter.ts";

const PROGRAM = fileURLToPath(new URL("../../packages/cli/src/main.ts", import.meta.url));
/** From the start of the process to its connection; enrolment is in it. */
const CONNECT_TIMEOUT_MS = 20_000;
/** From being asked to stop to its end; what the agent runs is finished and reported in it. */
const STOP_TIMEOUT_MS = 15_000;

/** How to start an agent; the secret is either for enrolling or, in a file, for connecting. */
export interface AgentSetup {
  readonly url: string;
  readonly name: string;
  readonly stateDirectory: string;
  readonly enrolToken?: string;
  readonly tokenFile?: string;
  readonly slots: number;
  readonly limiter?: Limiter;
}

/** `sluice agent` as a process of its own. */
export class AgentProcess {
  readonly clientId: string;
  readonly #child: ChildProcess;
  readonly #events: AgentEvents;

  private constructor(clientId: string, child: ChildProcess, events: AgentEvents) {
    this.clientId = clientId;
    this.#child = child;
    this.#events = events;
  }

  /** Starts an agent and resolves when it is connected. Throws with its last words if it ends first. */
  static async start(setup: AgentSetup): Promise<AgentProcess> {
    const { SLUICE_KEY: _, ...environment } = process.env;
    const child = spawn(process.execPath, [PROGRAM, "agent", ...agentArguments(setup)], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...environment, SLUICE_ENROL_TOKEN: setup.enrolToken ?? "" },
    });
    // Whatever ends this process ends the agent, before the folder that it writes to is erased.
    const kill = () => void child.kill("SIGKILL");
    process.prependOnceListener("exit", kill);
    child.once("exit", () => process.removeListener("exit", kill));
    const events = new AgentEvents(child.stdout);
    const connected = await Promise.race([
      events.next("connected"),
      earlyEnd(child),
      sleep(CONNECT_TIMEOUT_MS, null, { ref: false }),
    ]);
    if (connected === null) throw new Error("the agent did not connect in time");
    return new AgentProcess(connected.clientId ?? "", child, events);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** How often the agent told of an event of this type. */
  count(type: string): number {
    return this.#events.count(type);
  }

  /** Asks the agent to finish and end; its exit code, or null when it had to be killed. */
  async stop(): Promise<number | null> {
    const child = this.#child;
    if (child.exitCode === null && child.signalCode === null) {
      const exited = once(child, "exit");
      child.kill("SIGTERM");
      const impatience = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
      await exited;
      clearTimeout(impatience);
    }
    return child.exitCode;
  }
}

/** The agent's command line; secrets go by environment or file, where other users cannot read them. */
export function agentArguments(setup: AgentSetup): readonly string[] {
  const { url, name, stateDirectory, tokenFile, slots, limiter } = setup;
  const token = tokenFile === undefined ? [] : ["--token-file", tokenFile];
  const pace =
    limiter === undefined
      ? []
      : ["--burst", String(limiter.burst), "--per-second", String(limiter.perSecond)];
  const where = ["--json", "--url", url, "--name", name, "--state", stateDirectory];
  return [...where, ...token, "--slots", String(slots), ...pace];
}

/** Rejects when the agent's process ends, with what it last said of itself. */
async function earlyEnd(child: ChildProcess): Promise<never> {
  let lastWords = "";
  child.stderr?.on("data", (chunk) => {
    lastWords = String(chunk).trim();
  });
  await once(child, "exit");
  throw new Error(`the agent ended before it was connected: ${lastWords}`);
}
