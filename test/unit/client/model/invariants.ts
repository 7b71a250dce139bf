import { isTerminal, type TaskId, type TaskState } from "@sluice/protocol";
import { expect } from "vitest";
import { SILENCE_MS } from "../../../../durable-objects/client/connection.ts";
import type { Dispatch } from "../../../../durable-objects/client/dispatch.ts";
import { ACK_TIMEOUT_MS } from "../../../../durable-objects/client/settle.ts";
import type { World } from "./world.ts";

/*
 * What holds after every step, whatever happened before:
 *
 *  1. Nothing is lost: every task whose caller was answered is in the list, once.
 *  2. A terminal state is final.
 *  3. What is in memory equals what an object started anew reads from the store and its socket, and the
 *     counters equal a recount.
 *  4. A task that must not run twice is delivered once at most, the others no more often than allowed.
 *  5. On a line that works the client's limiter never trips and its slots suffice.
 *  6. A task takes effect once at most with a client that neither crashed on it nor lost its journal.
 *  7. A task that no client holds has ended soon after its deadline, and a batch that a working line did
 *     not get acknowledged has been given up soon after the ack timeout, or has shown that it is dead.
 *  8. An idempotency key names one task.
 *
 * The world itself refuses the rest as it happens: frames leave on the newest connection only, `seq`
 * grows within an epoch, attempts grow within a task, nothing is sent while paused, after its deadline or
 * after its end.
 *
 * And at the end of every run, when all is healed:
 *
 *  9. Every task ends, moved by nothing but its client's words and the alarm, and as soon as the client's
 *     rate lets it.
 * 10. A task that succeeded has each row that it gave once, in its order.
 *
 * What is asked of every task after every step is a comparison and a throw: an assertion of the test runner
 * takes longer than the step.
 */

/** How long after it is due a change may come: due times are looked for once a second. */
const TOLERANCE_MS = 1_500;
const ALL = { state: null, cursor: null, limit: 100_000 } as const;

export function checkInvariants(world: World): void {
  const states = listStates(world.dispatch);
  for (const [id, task] of world.scheduled) {
    const state = states.get(id);
    if (state === undefined) throw new Error(`${id} is lost`);
    if (task.ended !== null && state !== task.ended) {
      throw new Error(`${id} was ${task.ended}, which is final, and is ${state}`);
    }
    if (isTerminal(state)) task.ended = state;
    const most = task.spec.delivery === "at_most_once" ? 1 : (task.spec.maxAttempts ?? 1);
    const times = task.deliveries.length;
    if (times > most) throw new Error(`${id} was delivered ${times} times, not ${most}`);
    if (state === "leased") checkLeased(world, id);
    const late = world.now - task.deadline;
    if (state === "queued" && late > TOLERANCE_MS) {
      throw new Error(`${id} is queued ${late} ms after its deadline`);
    }
  }
  checkCounters(world, [...states.values()]);
  const anew = world.startedAnew();
  expect(listStates(anew), "tasks as read anew").toEqual(states);
  const { bytes, ...counts } = world.dispatch.queue;
  expect(anew.queue, "counters as read anew").toMatchObject(counts);
  expect(Math.abs(anew.queue.bytes - bytes), "bytes, but for rounding").toBeLessThanOrEqual(1);
  expect(world.client.bucket.trips, "trips of the client's limiter").toBe(0);
  expect(world.client.leastFree, "free slots").toBeGreaterThanOrEqual(0);
  for (const [id, effects] of world.client.effects) {
    if (effects > 1 && !world.client.excused.has(id)) {
      throw new Error(`${id} took effect ${effects} times`);
    }
  }
}

/** No batch of the connection is much older than its ack timeout. */
function checkLeased(world: World, id: TaskId): void {
  const { connection } = world.dispatch;
  const view = world.dispatch.tasks.get(id, world.now);
  const sent = view.ok ? view.value.timeline.findLast(({ event }) => event === "sent") : undefined;
  if (connection === null || sent?.epoch !== connection.epoch) return;
  const silence = connection.gaveUpAt === null ? 0 : SILENCE_MS;
  const late = world.now - (Date.parse(sent.at) + ACK_TIMEOUT_MS + silence);
  if (late > TOLERANCE_MS) throw new Error(`${id} is not acknowledged, ${late} ms too late`);
}

function listStates(dispatch: Dispatch): ReadonlyMap<TaskId, TaskState> {
  const list = dispatch.tasks.list(ALL);
  if (!list.ok) throw new Error(list.error.detail);
  const states = new Map(list.value.items.map(({ id, state }) => [id, state]));
  expect(states.size, "an id is listed twice").toBe(list.value.items.length);
  return states;
}

function checkCounters(world: World, states: readonly TaskState[]): void {
  const queued = states.filter((state) => state === "queued").length;
  const live = states.filter((state) => !isTerminal(state)).length;
  const { queue } = world.dispatch;
  expect({ queued: queue.queued, inFlight: queue.inFlight }).toEqual({
    queued,
    inFlight: live - queued,
  });
  expect(queue.oldestAt === null, "the oldest is known while one lives").toBe(live === 0);
  expect(queue.bytes > 0).toBe(queued > 0);
}

/** Heals everything and waits: invariants 9 and 10. */
export function checkEnd(world: World): void {
  if (world.paused) world.event(() => world.setPaused(false));
  if (world.line === null || world.line.stalled) world.connect();
  const until = world.now + patienceMs(world);
  while (liveTasks(world) > 0) {
    expect(world.now, "tasks do not end in time").toBeLessThanOrEqual(until);
    world.flow();
    for (const id of world.client.held) {
      world.client.start(id, world.now);
      world.client.finish(id, "succeeded", world.now);
    }
    world.flow();
    checkInvariants(world);
    if (world.client.held.length > 0 || liveTasks(world) === 0) continue;
    if (world.armedAt === null) throw new Error("tasks wait for an alarm that is not set");
    world.advance(Math.max(1, world.armedAt - world.now));
  }
  for (const [id, task] of world.scheduled) checkRows(world, id, task.ended);
}

function liveTasks(world: World): number {
  const { queued, inFlight } = world.dispatch.queue;
  return queued + inFlight;
}

/** A token for each task, a few to begin with, and the grace times of acks, of a hello and of silence. */
function patienceMs(world: World): number {
  const tokenMs = 1_000 / world.client.bucket.perSecond;
  return (liveTasks(world) + 3) * (tokenMs + TOLERANCE_MS) + 3 * ACK_TIMEOUT_MS + SILENCE_MS;
}

function checkRows(world: World, id: TaskId, state: TaskState | null): void {
  if (state !== "succeeded" || world.client.excused.has(id)) return;
  const page = world.dispatch.tasks.rows(id, { cursor: null, limit: 1_000 }, world.now);
  const rows = page.ok ? page.value.items.map(({ row }) => row) : null;
  expect(rows, `rows of ${id}`).toEqual(world.client.rows.get(id) ?? []);
}
