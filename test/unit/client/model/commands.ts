import type { TaskId, TaskSpec } from "@sluice/protocol";
import fc from "fast-check";
import { checkInvariants } from "./invariants.ts";
import type { World } from "./world.ts";

/** The model is the world's own memory of what it scheduled; nothing more is needed to judge a step. */
type Model = Record<string, never>;

class Step implements fc.Command<Model, World> {
  readonly #name: string;
  readonly #act: (world: World) => void;

  constructor(name: string, act: (world: World) => void) {
    this.#name = name;
    this.#act = act;
  }

  check(): boolean {
    return true;
  }

  run(_model: Model, world: World): void {
    this.#act(world);
    checkInvariants(world);
  }

  toString(): string {
    return this.#name;
  }
}

const step = (name: string, act: (world: World) => void) => fc.constant(new Step(name, act));

const anySpec: fc.Arbitrary<TaskSpec> = fc.record({
  kind: fc.constant("collect"),
  priority: fc.constantFrom(0, 5, 5, 9),
  ttlSeconds: fc.constantFrom(20, 300, 86_400),
  timeoutSeconds: fc.constantFrom(5, 600),
  maxAttempts: fc.constantFrom(1, 3, 100),
  delivery: fc.constantFrom("at_least_once", "at_least_once", "at_most_once"),
});
const anyCall = fc
  .tuple(fc.array(anySpec, { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 8 }))
  .map(([specs, times]) => Array.from({ length: times }, () => specs).flat());
const anyKeyedCall = fc
  .tuple(anySpec, fc.constantFrom("a", "b", "c"))
  .map(([spec, idempotencyKey]) => [{ ...spec, idempotencyKey }]);

/** The n-th of what there is, counted round. */
function pick<Item>(items: readonly Item[], n: number): Item | undefined {
  return items.length === 0 ? undefined : items[n % items.length];
}

const schedule = (specs: readonly TaskSpec[]) =>
  new Step(`schedule ${JSON.stringify(specs)}`, (world) => {
    let ids: readonly TaskId[] = [];
    world.event(() => {
      ids = world.schedule(specs);
      world.noteScheduled(ids, specs);
    });
  });

const onTask = (name: string, act: (world: World, id: TaskId) => void) =>
  fc.nat({ max: 200 }).map(
    (n) =>
      new Step(`${name} ${n}`, (world) => {
        const id = pick([...world.scheduled.keys()], n);
        if (id !== undefined) world.event(() => act(world, id));
      }),
  );

const onHeld = (name: string, act: (world: World, id: TaskId) => void) =>
  fc.nat({ max: 50 }).map(
    (n) =>
      new Step(`client: ${name} ${n}`, (world) => {
        const id = pick(world.client.held, n);
        if (id !== undefined) act(world, id);
      }),
  );

const retry = onTask("retry", (world, id) => {
  const answer = world.dispatch.retry(id, world.now);
  const spec = world.scheduled.get(id)?.spec;
  if (!answer.ok || spec === undefined) return;
  const { idempotencyKey: _, ...again } = spec;
  world.noteScheduled([answer.value.id], [again]);
});

const operator = [
  anyCall.map(schedule),
  anyKeyedCall.map(schedule),
  onTask("cancel", (world, id) => void world.dispatch.cancel(id, world.now)),
  retry,
  fc
    .boolean()
    .map(
      (paused) =>
        new Step(paused ? "pause" : "resume", (world) =>
          world.event(() => world.setPaused(paused)),
        ),
    ),
];

const client = [
  step("connect", (world) => world.connect()),
  step("connect and flow", (world) => {
    world.connect();
    world.flow();
  }),
  step("cut", (world) => world.cut()),
  step("cut and notice", (world) => {
    world.cut();
    world.event(() => world.noticeClose());
  }),
  step("stall", (world) => {
    if (world.line !== null) world.line.stalled = true;
  }),
  step("crash of the client", (world) => {
    world.client.crash();
    world.cut();
  }),
  step("loss of the journal", (world) => {
    world.client.loseJournal();
    world.cut();
  }),
  onHeld("start", (world, id) => world.client.start(id, world.now)),
  onHeld("rows", (world, id) => {
    world.client.start(id, world.now);
    world.client.giveRows(id, world.now);
  }),
  onHeld("finish", (world, id) => world.client.finish(id, "succeeded", world.now)),
  onHeld("fail", (world, id) => world.client.finish(id, "failed", world.now)),
  onHeld("crash after effect", (world, id) => {
    world.client.crashAfterEffect(id);
    world.cut();
  }),
];

const line = [
  step("flow", (world) => world.flow()),
  step("a frame to the client", (world) => world.frameToClient()),
  step("a frame to the server", (world) => {
    const { line } = world;
    if (line !== null) world.event(() => world.frameToServer(line));
  }),
  step("frames to the server, whose answers are lost", (world) => {
    const { line } = world;
    while (line !== null && line.toServer.length > 0) world.event(() => world.frameToServer(line));
    world.cut();
    world.connect();
  }),
  step("frames to the client, whose answers come late", (world) => {
    while ((world.line?.toClient.length ?? 0) > 0) world.frameToClient();
    world.connect();
  }),
  step("a late frame of an older line", (world) => {
    const late = world.oldLines.find(({ toServer }) => toServer.length > 0);
    if (late !== undefined) world.event(() => world.frameToServer(late));
  }),
  step("a frame twice", (world) => {
    const { line } = world;
    const sent = line?.toServer[0];
    if (line === null || sent === undefined || sent.frame.type === "hello") return;
    world.event(() => world.frameToServer(line));
    // The second says nothing of capacity: that of a frame which comes twice is out of date.
    const { capacity: _, ...frame } = sent.frame;
    world.event(() => world.serverHears(line, frame));
  }),
];

const server = [
  fc
    .oneof(...[100, 3_000, 12_000, 400_000].map((max) => fc.nat({ max })))
    .map((ms) => new Step(`advance ${ms}`, (world) => world.advance(ms))),
  step("alarm out of turn", (world) => world.fireAlarm()),
  step("evict", (world) => world.evict()),
  step("crash", (world) => world.crash()),
  anyCall.map(
    (specs) =>
      new Step("crash during schedule", (world) =>
        world.crashDuring(() => void world.schedule(specs)),
      ),
  ),
  step("crash during the alarm", (world) =>
    world.crashDuring(() => world.dispatch.tick(world.now)),
  ),
  step("crash during a frame", (world) => {
    const { line } = world;
    if (line !== null) world.crashDuring(() => world.frameToServer(line));
  }),
];

/** A frame arrives, a task runs, time passes: what mostly happens, so that runs get somewhere. */
const daily = fc.constantFrom("flow", "work", "wait", "come back").map(
  (name) =>
    new Step(name, (world) => {
      if (name === "come back" && world.line === null) world.connect();
      if (name === "wait") world.advance(1_000);
      if (name === "work") {
        for (const id of world.client.held.slice(0, 3)) {
          world.client.start(id, world.now);
          world.client.giveRows(id, world.now);
          world.client.finish(id, "succeeded", world.now);
        }
      }
      world.flow();
    }),
);

/** Everything that can happen, by anyone's hand. */
export const anySteps = fc.commands(
  [...operator, ...client, ...line, ...server, daily, daily, daily, daily],
  { maxCommands: 80, size: "max" },
);
