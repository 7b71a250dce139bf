import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { challengeBodies, MARK, solveBodies, workedVisits } from "../../builders/random-visits.ts";
import { searchSize } from "../../builders/search-size.ts";
import { type Running, runSluice } from "../running.ts";
import { openSite, type SocketSite } from "./site.ts";

const BODIES = searchSize(500, 10_000);
const SEED = 20_261_126;
/** Requests under way at a time. */
const AT_ONCE = 32;

let running: Running;
let site: SocketSite;
beforeAll(async () => {
  running = await runSluice();
  site = await openSite(running, { mode: "managed" });
});
afterAll(async () => {
  await running.service.stop();
  // Whatever is sent, the runtime has nothing to complain of.
  expect(running.troubles).toEqual([]);
});

/** How often each status was answered. No answer repeats what was sent. */
async function statusesOf(path: string, bodies: readonly string[]): Promise<Map<number, number>> {
  const statuses = new Map<number, number>();
  const waiting = bodies.values();
  const sender = async () => {
    for (const body of waiting) {
      const response = await site.visitor.post(path, body);
      expect(await response.text()).not.toContain(MARK);
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sender));
  return statuses;
}

const sample = (bodies: fc.Arbitrary<string>) => fc.sample(bodies, { seed: SEED, numRuns: BODIES });
const failuresOf = (statuses: Map<number, number>) =>
  [...statuses.keys()].filter((status) => status >= 500);

test(`${BODIES} random bodies for a challenge get an answer below 500`, async () => {
  const bodies = sample(challengeBodies(site.sitekey));
  const statuses = await statusesOf("/v1/verify/challenge", bodies);
  expect(failuresOf(statuses)).toEqual([]);
  expect(statuses.get(200)).toBeGreaterThan(BODIES / 250);
});

test(`${BODIES} random bodies for a solution get an answer below 500, and the service goes on`, async () => {
  const bodies = sample(solveBodies(await workedVisits(site.visitor)));
  const statuses = await statusesOf("/v1/verify/solve", bodies);
  expect(failuresOf(statuses)).toEqual([]);
  expect(statuses.get(200)).toBeGreaterThan(BODIES / 250);
  expect(await site.visitor.ask()).toMatchObject({ interaction: "checkbox" });
});
