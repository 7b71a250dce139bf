import { Agent, get } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/** Requests of one caller at a fixed rate. */
export interface Load {
  readonly url: string;
  readonly key: string;
  readonly perSecond: number;
}

/** What became of the requests of one stretch of time. */
export interface Served {
  /** Of each answered request, ms, in the order of the answers. */
  readonly latenciesMs: readonly number[];
  /** How often each status was answered; 0 stands for none. */
  readonly statuses: Readonly<Record<number, number>>;
  /** Answers of 429 without a time to wait. */
  readonly withoutRetryAfter: number;
}

const MAX_SOCKETS = 128;

/**
 * Sends requests at a fixed rate for a time, whether or not the ones before were answered: a service that
 * slows down does not get fewer. Resolves when all are answered.
 */
export async function sendAtRate(load: Load, forMs: number): Promise<Served> {
  const agent = new Agent({ keepAlive: true, maxSockets: MAX_SOCKETS });
  const latenciesMs: number[] = [];
  const statuses: Record<number, number> = {};
  let withoutRetryAfter = 0;
  const one = async () => {
    const sentAt = performance.now();
    const { status, retryAfter } = await request(load, agent);
    latenciesMs.push(performance.now() - sentAt);
    statuses[status] = (statuses[status] ?? 0) + 1;
    if (status === 429 && retryAfter === undefined) withoutRetryAfter += 1;
  };
  const beganAt = performance.now();
  const pending: Promise<void>[] = [];
  for (let elapsed = 0; elapsed < forMs; elapsed = performance.now() - beganAt) {
    const due = Math.floor((elapsed * load.perSecond) / 1000) + 1;
    while (pending.length < due) pending.push(one());
    await sleep(Math.max(0, (due * 1000) / load.perSecond - elapsed));
  }
  await Promise.all(pending);
  agent.destroy();
  return { latenciesMs, statuses, withoutRetryAfter };
}

function request({ url, key }: Load, agent: Agent) {
  const headers = { authorization: `Bearer ${key}` };
  return new Promise<{ status: number; retryAfter: string | undefined }>((resolve) => {
    get(url, { agent, headers }, (response) => {
      const { statusCode = 0, headers } = response;
      response.resume();
      response.once("end", () =>
        resolve({ status: statusCode, retryAfter: headers["retry-after"] }),
      );
    }).once("error", () => resolve({ status: 0, retryAfter: undefined }));
  });
}
