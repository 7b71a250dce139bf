import { randomUUID } from "node:crypto";
import { runSluice } from "../test/harness/running.ts";
import { runLoad } from "./load/generator.ts";
import type { LoadResult } from "./load/plan.ts";
import { type BenchSite, openSite, passesOf } from "./redeem/site.ts";
import type { Findings } from "./report.ts";

const PASSES = 50;
/** Redemptions of each pass, all begun before the first was answered. */
const ATTEMPTS = 1_000;

/**
 * Storms of redemptions of one pass over HTTP: one success in each, and where all calls of a storm carry one
 * idempotency key, only equal answers.
 */
export async function run(): Promise<Findings> {
  const running = await runSluice();
  const { url } = running.service;
  try {
    const site = await openSite(running);
    const successes: number[] = [];
    let idempotentDiffering = 0;
    for (const pass of await passesOf(site, PASSES)) {
      successes.push((await storm(url, { secret: site.secret, response: pass })).good);
    }
    for (const pass of await passesOf(site, PASSES)) {
      idempotentDiffering += await differing(url, site, pass);
    }
    return findings(successes, idempotentDiffering);
  } finally {
    await running.service.stop();
  }
}

function storm(url: string, fields: object): Promise<LoadResult> {
  const bodies = Array.from({ length: ATTEMPTS }, () => JSON.stringify(fields));
  return runLoad({
    origin: url,
    path: "/siteverify",
    contentType: "application/json",
    bodies,
    concurrency: ATTEMPTS,
    expect: '"success":true',
  });
}

/** Answers that are not like most, in a storm of calls with one idempotency key. */
async function differing(url: string, { secret }: BenchSite, response: string): Promise<number> {
  const fields = { secret, response, idempotency_key: randomUUID() };
  const { good } = await storm(url, fields);
  return Math.min(good, ATTEMPTS - good);
}

function findings(successes: readonly number[], idempotentDiffering: number): Findings {
  const total = successes.reduce((sum, count) => sum + count, 0);
  const oneEach = successes.every((count) => count === 1);
  return {
    figures: { passes: PASSES, attempts: PASSES * ATTEMPTS, successes: total, idempotentDiffering },
    targets: [
      { figure: "successes", wanted: "1 for each pass", met: oneEach },
      { figure: "idempotentDiffering", wanted: "0", met: idempotentDiffering === 0 },
    ],
  };
}
