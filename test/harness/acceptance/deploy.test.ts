import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type ClientEvent,
  createClient,
  DEFAULT_TUNING,
  type SluiceClient,
} from "@sluice/sdk/node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { task } from "../../builders/tasks.ts";
import { enrolMany } from "../enrol-many.ts";
import type { Enrolled } from "../operator.ts";
import { type Running, runSluice } from "../running.ts";
import { eventually, PATIENCE_MS } from "./machine.ts";

const CLIENTS = 500;
/** Every so many-th client has a task in hand when the service goes. */
const BUSY_EVERY = 10;
/** How long the service is away, so that many an attempt fails. */
const AWAY_MS = 800;
/** Into so many parts of the first wait's bound the clients are sorted. */
const PARTS = 10;

interface Member {
  readonly client: SluiceClient;
  readonly clientId: string;
  /** Waits that it was told before each further attempt, ms. */
  readonly waitsMs: number[];
  connects: number;
  runs: number;
}

/**
 * A deploy drops every socket at once, and the service is away for a moment: the runtime is killed and
 * started again. The clients are those of the SDK, with its own times.
 */
describe("a thousand clients that a deploy cut off", () => {
  let folder: string;
  let running: Running;
  let members: Member[];
  /** Lets the tasks end that are in hand. */
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "sluice-deploy-"));
    const before = await runSluice({ persistTo: folder });
    const fleet = await enrolMany(before, CLIENTS);
    members = await Promise.all(fleet.map((enrolled) => startMember(before, enrolled, released)));
    await eventually(() => expect(members.every(isOnline)).toBe(true));
    await Promise.all(
      busy(members).map(({ clientId }) => before.operator.schedule(clientId, [task()])),
    );
    await eventually(() => expect(busy(members).every(({ runs }) => runs === 1)).toBe(true));
    await before.service.kill();
    await sleep(AWAY_MS);
    running = await runSluice({ persistTo: folder, port: before.service.port });
    await eventually(() => expect(members.every(isBack)).toBe(true), 3 * PATIENCE_MS);
  });
  afterAll(async () => {
    await Promise.all(members.map(({ client }) => client.stop()));
    await running.service.stop();
    expect(running.troubles).toEqual([]);
    await rm(folder, { recursive: true, force: true });
  });

  test("set out each by itself, spread out and not in one blow", () => {
    const counts = Array.from({ length: PARTS + 1 }, () => 0);
    for (const { waitsMs } of members) {
      const part = Math.floor((PARTS * (waitsMs[0] ?? 0)) / DEFAULT_TUNING.backoffBaseMs);
      counts[part] = (counts[part] ?? 0) + 1;
    }
    expect(Math.max(...counts)).toBeLessThan(CLIENTS / 4);
  });

  test("wait before each attempt, evenly spread up to a bound that doubles", () => {
    for (const [attempt, boundMs] of [1, 2]
      .map((factor) => factor * DEFAULT_TUNING.backoffBaseMs)
      .entries()) {
      const waits = members.flatMap(({ waitsMs }) => waitsMs.slice(attempt, attempt + 1));
      const mean = waits.reduce((sum, wait) => sum + wait, 0) / waits.length;
      expect(Math.max(...waits)).toBeLessThanOrEqual(boundMs);
      expect(mean / boundMs).toBeGreaterThan(0.4);
      expect(mean / boundMs).toBeLessThan(0.6);
    }
  });

  test("try a few times, and not again and again", () => {
    const attempts = members.map(({ client }) => client.stats.connections - 1);
    const mean = attempts.reduce((sum, count) => sum + count, 0) / CLIENTS;
    console.log(
      `attempts to reconnect: ${mean.toFixed(2)} in the mean, ${Math.max(...attempts)} at most`,
    );
    expect(mean).toBeLessThan(5);
  });

  test("go on with what they had in hand, once", async () => {
    release();
    await eventually(() => expect(busy(members).every(isDone)).toBe(true));
    for (const member of busy(members)) {
      const [task] = await running.operator.tasks(member.clientId);
      expect(task).toMatchObject({ state: "succeeded", attempt: 1 });
      expect(member.runs).toBe(1);
    }
  });
});

const busy = (members: readonly Member[]) => members.filter((_, n) => n % BUSY_EVERY === 0);
const isOnline = ({ client }: Member) => client.stats.connection === "online";
const isDone = ({ client: { stats } }: Member) =>
  stats.held + stats.unreported + stats.unanswered === 0;
const isBack = (member: Member) => isOnline(member) && member.connects > 1;

async function startMember(
  { service }: Running,
  { clientId, token }: Enrolled,
  released: Promise<void>,
): Promise<Member> {
  const waitsMs: number[] = [];
  const onEvent = (event: ClientEvent) => {
    if (event.type === "connected") member.connects += 1;
    if (event.type === "disconnected") waitsMs.push(event.retryInMs);
  };
  const client = createClient({ url: service.url, token, agent: "deploy/1", onEvent });
  const member: Member = { client, clientId, waitsMs, connects: 0, runs: 0 };
  client.handle("collect", () => {
    member.runs += 1;
    return released;
  });
  await client.start();
  return member;
}
