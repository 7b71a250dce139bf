import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { createAdmin, createOperator, enrolClient } from "@sluice/sdk/operator";
import { mostLimits } from "../test/builders/published-records.ts";
import { ADMIN_SECRET } from "../test/builders/secrets.ts";
import { runSluice } from "../test/harness/running.ts";
import type { FloodOrder } from "./fairness/flood-process.ts";
import { type Load, type Served, sendAtRate } from "./fairness/open-loop.ts";
import { type Findings, median, percentile, rounded } from "./report.ts";

/** What account A may send, and ten times of it, which it sends. */
const LIMIT_PER_SECOND = 10;
const FLOOD_PER_SECOND = 10 * LIMIT_PER_SECOND;
/** What account B sends, far within its limit. */
const WORK_PER_SECOND = 100;
/** Alone and contended in turn, so that both see the same machine. */
const ROUNDS = 16;
const STRETCH_MS = 4_000;
/** Until A has spent the minute's worth that it may send at once, and the runtime is warm. */
const WARM_UP_MS = 10_000;
const FLOOD_PROCESS = fileURLToPath(new URL("./fairness/flood-process.ts", import.meta.url));

/** The two stretches of one round. */
interface Round {
  readonly alone: Served;
  readonly contended: Served;
  readonly flood: Served;
}

/** One account sends ten times its limit while another works, over real HTTP. */
export async function run(): Promise<Findings> {
  const { service } = await runSluice();
  const flooder = fork(FLOOD_PROCESS);
  try {
    const requestsPerMinute = LIMIT_PER_SECOND * 60;
    const flood = await loadOf(service.url, { requestsPerMinute }, FLOOD_PER_SECOND);
    const work = await loadOf(service.url, {}, WORK_PER_SECOND);
    await Promise.all([order(flooder, flood, WARM_UP_MS), sendAtRate(work, WARM_UP_MS)]);
    const rounds: Round[] = [];
    for (let round = 0; round < ROUNDS; round += 1) rounds.push(await play(flooder, flood, work));
    return findings(rounds);
  } finally {
    flooder.disconnect();
    await service.stop();
  }
}

async function play(flooder: ChildProcess, flood: Load, work: Load): Promise<Round> {
  const alone = await sendAtRate(work, STRETCH_MS);
  const [flooded, contended] = await Promise.all([
    order(flooder, flood, STRETCH_MS),
    sendAtRate(work, STRETCH_MS),
  ]);
  return { alone, contended, flood: flooded };
}

/** An account with a client, and requests for that client: each reaches its object. */
async function loadOf(
  url: string,
  limits: Partial<ReturnType<typeof mostLimits>>,
  perSecond: number,
): Promise<Load> {
  const admin = createAdmin({ url, secret: ADMIN_SECRET });
  const { operatorKey } = await admin.openAccount({
    name: "fairness",
    limits: { ...mostLimits(), ...limits },
  });
  const { key } = operatorKey;
  const { token } = await createOperator({ url, key }).createEnrolmentToken();
  const { clientId } = await enrolClient({ url, token, name: "fairness" });
  return { url: `${url}/v1/clients/${clientId}`, key, perSecond };
}

async function order(flooder: ChildProcess, load: Load, forMs: number): Promise<Served> {
  const told: FloodOrder = { load, forMs };
  flooder.send(told);
  const [served] = await once(flooder, "message");
  return served;
}

function findings(rounds: readonly Round[]): Findings {
  const p99 = ({ latenciesMs }: Served) => percentile(latenciesMs, 0.99);
  const ratios = rounds.map(({ alone, contended }) => p99(contended) / p99(alone));
  const ratio = median(ratios);
  const answers = (status: number) =>
    rounds.reduce((sum, { flood }) => sum + (flood.statuses[status] ?? 0), 0);
  const sent = rounds.flatMap(({ flood }) => Object.values(flood.statuses));
  const floodAdmitted = answers(200);
  const floodRefused = answers(429);
  const floodOther = sent.reduce((sum, count) => sum + count, 0) - floodAdmitted - floodRefused;
  const withoutRetryAfter = rounds.reduce((sum, { flood }) => sum + flood.withoutRetryAfter, 0);
  const workFailed = rounds.reduce((sum, round) => sum + failed(round), 0);
  // The bucket fills in both stretches of a round; the flood drains it in one.
  const floodAllowed = ROUNDS * 2 * (STRETCH_MS / 1000) * LIMIT_PER_SECOND;
  return {
    figures: {
      aloneP99Ms: rounded(median(rounds.map(({ alone }) => p99(alone))), 2),
      contendedP99Ms: rounded(median(rounds.map(({ contended }) => p99(contended))), 2),
      ratio: rounded(ratio, 2),
      ratios: ratios.map((one) => rounded(one, 2)),
      // Of all rounds' requests together: what the runtime's pauses cost, which most rounds do not see.
      pooledAloneP99Ms: rounded(pooledP99(rounds.map(({ alone }) => alone)), 2),
      pooledContendedP99Ms: rounded(pooledP99(rounds.map(({ contended }) => contended)), 2),
      floodAdmitted,
      floodAllowed,
      floodRefused,
      floodOther,
      withoutRetryAfter,
      workFailed,
    },
    targets: [
      { figure: "ratio", wanted: "at most 1.5", met: ratio <= 1.5 },
      {
        figure: "floodAdmitted",
        wanted: "at most floodAllowed and a tenth",
        met: floodAdmitted <= 1.1 * floodAllowed,
      },
      { figure: "floodOther", wanted: "0", met: floodOther === 0 },
      { figure: "withoutRetryAfter", wanted: "0", met: withoutRetryAfter === 0 },
      { figure: "workFailed", wanted: "0", met: workFailed === 0 },
    ],
  };
}

function pooledP99(stretches: readonly Served[]): number {
  return percentile(
    stretches.flatMap(({ latenciesMs }) => latenciesMs),
    0.99,
  );
}

/** Requests of B that were not answered as they should be. */
function failed({ alone, contended }: Round): number {
  return [alone, contended]
    .flatMap(({ statuses }) => Object.entries(statuses))
    .reduce((sum, [status, count]) => (status === "200" ? sum : sum + count), 0);
}
