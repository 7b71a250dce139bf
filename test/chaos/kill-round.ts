import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Service, startService } from "../../scripts/service.ts";
import { operatorKey } from "../builders/keys.ts";
import { seededRandom } from "../builders/random.ts";
import { ADMIN_SECRET, KEY_RING } from "../builders/secrets.ts";
import { tasks } from "../builders/tasks.ts";
import { Operator } from "../harness/operator.ts";
import { NO_LIMITS } from "../harness/running.ts";
import { type Agent, startAgent } from "./agent.ts";

/** Tasks of one schedule call; a burst is many calls, and any of them may meet a dead runtime. */
const CALL_TASKS = 250;
const RETRY_MS = 50;
/** From the start of the burst, or from the last start of the runtime, to the next SIGKILL at most. */
const LONGEST_LIFE_MS = 400;
/** How long a burst may take before its missing tasks count as lost. */
const PATIENCE_MS = 60_000;

export interface RoundOptions {
  readonly seed: number;
  readonly tasks: number;
  /** How often the runtime is killed while the burst lasts. */
  readonly kills: number;
}

export interface RoundResult {
  readonly seed: number;
  readonly tasks: number;
  /** Kills that came before the burst was over. */
  readonly kills: number;
  /** Tasks that never ran. */
  readonly lost: number;
  /** Tasks that ran more than once. */
  readonly repeated: number;
  /** Tasks that were sent more than once, because a kill came between two steps of their delivery. */
  readonly redelivered: number;
  /** Tasks that the service knows as succeeded. */
  readonly succeeded: number;
  /** Tasks that the service knows at all. */
  readonly known: number;
  readonly seconds: number;
}

/**
 * Schedules a burst at one client and kills the runtime with SIGKILL while tasks are enqueued, sent,
 * acknowledged and reported; then compares what ran with what was scheduled.
 */
export async function killRound(options: RoundOptions): Promise<RoundResult> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-chaos-"));
  const fragile = await FragileService.start(join(folder, "state"));
  const startedAt = performance.now();
  try {
    const operator = new Operator(fragile.url, await operatorKey(fragile.url));
    const enrolled = await operator.enrol();
    const agent = startAgent(fragile.url, enrolled, folder);
    try {
      const burst = runBurst(operator, enrolled.clientId, options);
      const kills = await killDuring(burst, fragile, options);
      const tally = await takeTally(operator, enrolled.clientId, agent, options.tasks);
      const seconds = (performance.now() - startedAt) / 1_000;
      return { seed: options.seed, tasks: options.tasks, kills, ...tally, seconds };
    } finally {
      await agent.kill();
    }
  } finally {
    await fragile.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** A service that can be killed and comes back at the same address with what it had stored. */
class FragileService {
  #service: Service;
  readonly #persistTo: string;

  private constructor(service: Service, persistTo: string) {
    this.#service = service;
    this.#persistTo = persistTo;
  }

  static async start(persistTo: string): Promise<FragileService> {
    return new FragileService(await startOn(persistTo, 0), persistTo);
  }

  get url(): string {
    return this.#service.url;
  }

  async killAndRestart(): Promise<void> {
    await this.#service.kill();
    this.#service = await startOn(this.#persistTo, this.#service.port);
  }

  stop(): Promise<void> {
    return this.#service.stop();
  }
}

function startOn(persistTo: string, port: number): Promise<Service> {
  const secrets = { keyRing: KEY_RING, adminSecret: ADMIN_SECRET };
  return startService({ ...secrets, persistTo, port, rateLimits: NO_LIMITS });
}

/** Resolves once every task was scheduled and none is left in the queue, or patience has run out. */
async function runBurst(operator: Operator, client: string, options: RoundOptions): Promise<void> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  for (let from = 0; from < options.tasks; from += CALL_TASKS) {
    const count = Math.min(CALL_TASKS, options.tasks - from);
    await untilDone(giveUpAt, () => scheduleOnce(operator, client, options.seed, from, count));
  }
  await untilDone(giveUpAt, async () => {
    const { queue } = await operator.client(client);
    if (queue.queued + queue.inFlight > 0) throw new Error("not done yet");
  });
}

/** The keys make a call that may have been carried out safe to make again. */
function scheduleOnce(
  operator: Operator,
  client: string,
  seed: number,
  from: number,
  count: number,
) {
  const specs = tasks(count, { kind: "mark" }, from).map((spec, index) => ({
    ...spec,
    idempotencyKey: `${seed}-${from + index}`,
  }));
  return operator.schedule(client, specs);
}

async function untilDone(giveUpAt: number, attempt: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await attempt();
      return;
    } catch (error) {
      if (performance.now() > giveUpAt) throw error;
      await sleep(RETRY_MS);
    }
  }
}

/** Kills at random moments until enough were killed or the burst is over; answers how often. */
async function killDuring(
  burst: Promise<void>,
  fragile: FragileService,
  { seed, kills }: RoundOptions,
): Promise<number> {
  const random = seededRandom(seed);
  let isOver = false;
  const over = burst
    .catch(() => {})
    .then(() => {
      isOver = true;
    });
  let killed = 0;
  while (killed < kills && !isOver) {
    await Promise.race([over, sleep(random() * LONGEST_LIFE_MS)]);
    if (isOver) break;
    await fragile.killAndRestart();
    killed++;
  }
  await over;
  return killed;
}

async function takeTally(operator: Operator, client: string, agent: Agent, count: number) {
  const known = await operator.tasks(client);
  const runs = await agent.runs();
  const numbers = Array.from({ length: count }, (_, n) => n);
  return {
    lost: numbers.filter((n) => !runs.has(n)).length,
    repeated: [...runs.values()].filter((times) => times > 1).length,
    redelivered: known.filter((task) => task.attempt > 1).length,
    succeeded: known.filter((task) => task.state === "succeeded").length,
    known: known.length,
  };
}
