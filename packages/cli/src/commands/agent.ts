import { readFile } from "node:fs/promises";
import { arch, homedir, hostname, platform } from "node:os";
import { join, resolve } from "node:path";
import { enrolClient } from "@sluice/sdk/operator";
import { type Command, Option } from "commander";
import { type Identity, loadIdentity, prepareState, saveIdentity } from "../agent/identity.ts";
import { type AgentEvent, narrate } from "../agent/narrator.ts";
import { runAgent } from "../agent/run-agent.ts";
import { buildAllowList } from "../collectors/allow-list.ts";
import { collectors } from "../collectors/index.ts";
import { usageFailure } from "../output/exit-codes.ts";
import { VERSION } from "../version.ts";
import { gathered, positiveNumber, wholeNumber } from "./option-values.ts";
import { jsonOption, requireUrl, urlOption } from "./service.ts";
import type { AddCommand } from "./world.ts";

const DEFAULT_STATE = join(homedir(), ".sluice-agent");
const MOST_CONCURRENT = 256;
const MOST_SLOTS = 10_000;
const MOST_BURST = 10_000;

interface Options {
  readonly url?: string;
  readonly enrolToken?: string;
  readonly tokenFile?: string;
  readonly state: string;
  readonly name: string;
  readonly label?: readonly string[];
  readonly allowExec?: readonly string[];
  readonly concurrency?: number;
  readonly slots?: number;
  readonly burst?: number;
  readonly perSecond?: number;
  readonly json?: boolean;
}

/** `sluice agent`: enrols this machine on the first run, then does its tasks until it is stopped. */
export const addAgent: AddCommand = (program, { terminal, now, catchInterrupt }) => {
  withOptions(program.command("agent"))
    .description("run the agent: enrol this machine once, then do its tasks until stopped")
    .action(async (options: Options) => {
      const allowed = buildAllowList(options.allowExec ?? []);
      if (!allowed.ok) throw usageFailure(allowed.error);
      const pace = paceOf(options);
      const tell = narrate(terminal, options.json === true, now);
      const interrupted = catchInterrupt();
      const stateDirectory = resolve(options.state);
      await prepareState(stateDirectory);
      const settings = {
        identity: await identify(options, stateDirectory, tell),
        stateDirectory,
        collectors: collectors(allowed.value),
        pace,
        facts: machineFacts(),
        agent: `sluice-agent/${VERSION}`,
      };
      await runAgent(settings, tell, interrupted);
    });
};

function withOptions(command: Command): Command {
  return command
    .addOption(urlOption())
    .addOption(
      new Option(
        "--enrol-token <token>",
        "token to enrol with on the first run; better set than typed",
      ).env("SLUICE_ENROL_TOKEN"),
    )
    .option(
      "--token-file <path>",
      "file with a client token, for a client that is enrolled already",
    )
    .option("--state <directory>", "where the agent keeps its token and journal", DEFAULT_STATE)
    .option("--name <name>", "name of this client", hostname())
    .option("--label <label>", "label of this client; may be repeated", gathered)
    .option("--allow-exec <program>", "a program that exec may run; may be repeated", gathered)
    .option("--concurrency <number>", "tasks at a time", wholeNumber(1, MOST_CONCURRENT))
    .option("--slots <number>", "tasks accepted ahead", wholeNumber(1, MOST_SLOTS))
    .option("--burst <number>", "batches at once", wholeNumber(1, MOST_BURST))
    .option("--per-second <number>", "batches a second after a burst", positiveNumber)
    .addOption(jsonOption());
}

/** How much the agent takes; a rate limit needs both of its numbers. */
function paceOf({ burst, perSecond, concurrency, slots }: Options) {
  if ((burst === undefined) !== (perSecond === undefined)) {
    throw usageFailure("--burst and --per-second go together");
  }
  const limiter = burst === undefined || perSecond === undefined ? null : { burst, perSecond };
  return {
    limiter,
    ...(concurrency !== undefined && { concurrency }),
    ...(slots !== undefined && { slots }),
  };
}

/** Who this machine is: by a token that was handed out, by an earlier enrolment, or by enrolling now. */
async function identify(
  options: Options,
  stateDirectory: string,
  tell: (event: AgentEvent) => void,
): Promise<Identity> {
  if (options.tokenFile !== undefined) {
    const token = (await readFile(options.tokenFile, "utf8")).trim();
    return { url: requireUrl(options.url), clientId: "", token };
  }
  const known = await loadIdentity(stateDirectory);
  if (known === null) return enrol(options, stateDirectory, tell);
  if (options.url !== undefined && options.url !== known.url) {
    // The stored token is the other service's secret.
    throw usageFailure(`this state directory belongs to ${known.url}; use another with --state`);
  }
  return known;
}

async function enrol(
  options: Options,
  stateDirectory: string,
  tell: (event: AgentEvent) => void,
): Promise<Identity> {
  const { enrolToken, name, label = [] } = options;
  const url = requireUrl(options.url);
  if (!enrolToken) throw usageFailure("give --enrol-token or set SLUICE_ENROL_TOKEN to enrol");
  const request = { url, token: enrolToken, name, labels: label, facts: machineFacts() };
  const { clientId, token } = await enrolClient(request);
  const identity = { url, clientId, token };
  await saveIdentity(stateDirectory, identity);
  tell({ type: "enrolled", clientId });
  return identity;
}

function machineFacts() {
  return { os: platform(), arch: arch(), hostname: hostname() };
}
