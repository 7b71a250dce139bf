import { isTerminal, type TaskId, type TaskState } from "@sluice/protocol";
import { expect } from "vitest";
import type { Dispatch } from "../../../../durable-objects/client/dispatch.ts";
import type { World } from "./world.ts";

/*
 * What holds after every step, whatever happened before:
 *
 *  1. Nothing is lost: every task whose caller was answered is in the list, once.
 *  2. A terminal state is final.
 *  3. What is in memory equals what an object started anew reads from the store and its socket, and the
 *     counters equal a recount.
 *  4. A task that must not run twice is delivered once at most.
 *  5. On a line that works the client's limiter never trips and its slots suffice.
 *  6. A task takes effect once at most with a client that neither crashed on it nor lost its journal.
 *
 * The world itself refuses the rest as it happens: frames leave on the newest connection only, `seq`
 * grows within an epoch, attempts grow within a task, nothing is sent while paused, after its deadline or
 * after its end.
 *
 * And at the end of every run, when all is healed:
 *
 *  7. Every task ends, moved by nothing but its client's words and the alarm.
 *  8. A task that succeeded has each row that it gave once, in its order.
 */
const ALL = { state: null, cursor: null, limit: 100_000 } as const;

export function checkInvariants(world: World): void {
  const states = listStates(world.dispatch);
  for (const [id, task] of world.scheduled) {
    const state = states.get(id);
    if (state === undefined) throw new Error(`${id} is lost`);
    if (task.ended !== null) expect(state, `${id} is final`).toBe(task.ended);
    if (isTerminal(state)) task.ended = state;
    if (task.spec.delivery === "at_most_once") {
      expect(task.deliveries.length, `${id} was delivered once at most`).toBeLessThanOrEqual(1);
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
    if (world.client.excused.has(id)) continue;
    expect(effects, `effects of ${id}`).toBeLessThanOrEqual(1);
  }
}

function listStates(dispatch: Dispatch): ReadonlyMap<TaskId, TaskState> {
  const list = dispatch.listTasks(ALL);
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

/** Rounds of healing after which a task that still lives is stuck. */
const PATIENCE = 2_000;

/** Heals everything and waits: invariants 7 and 8. */
export function checkEnd(world: World): void {
  if (world.paused) world.event(() => world.setPaused(false));
  world.connect();
  for (let round = 0; world.dispatch.queue.queued + world.dispatch.queue.inFlight > 0; round += 1) {
    if (round > PATIENCE) throw new Error("tasks do not end");
    world.flow();
    for (const id of world.client.held) {
      world.client.start(id, world.now);
      world.client.finish(id, "succeeded", world.now);
    }
    world.flow();
    checkInvariants(world);
    if (
      world.client.held.length > 0 ||
      world.dispatch.queue.queued + world.dispatch.queue.inFlight === 0
    )
      continue;
    if (world.armedAt === null) throw new Error("tasks wait for an alarm that is not set");
    world.advance(Math.max(1, world.armedAt - world.now));
  }
  for (const [id, task] of world.scheduled) checkRows(world, id, task.ended);
}

function checkRows(world: World, id: TaskId, state: TaskState | null): void {
  if (state !== "succeeded" || world.client.excused.has(id)) return;
  const page = world.dispatch.listRows(id, { cursor: null, limit: 1_000 }, world.now);
  const rows = page.ok ? page.value.items.map(({ row }) => row) : null;
  expect(rows, `rows of ${id}`).toEqual(world.client.rows.get(id) ?? []);
}
