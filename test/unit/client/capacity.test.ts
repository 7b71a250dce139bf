import type { Capacity } from "@sluice/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  arriveFrames,
  type CapacityMirror,
  mirrorHello,
  mirrorUpdate,
  release,
  spend,
  tokensAt,
  whenTokens,
} from "../../../durable-objects/client/capacity.ts";
import { aCapacity } from "../../builders/frames.ts";
import { TokenBucket } from "../../harness/token-bucket.ts";

const NONE = { frames: 0, tasks: 0 };
const hello = (overrides: Partial<Capacity> = {}, held = 0) =>
  mirrorHello(aCapacity(overrides), held, 0);

describe("the picture of a client's limiter", () => {
  it("begins with what hello says, but never with more than a full bucket", () => {
    expect(tokensAt(hello({ tokens: 7 }), 0)).toBe(7);
    expect(tokensAt(hello({ tokens: 70 }), 0)).toBe(10);
  });

  it("refills up to a full bucket, a little slower than the client does", () => {
    const mirror = hello({ tokens: 0 });
    expect(tokensAt(mirror, 2_000)).toBeLessThan(1);
    expect(tokensAt(mirror, 2_010)).toBeGreaterThanOrEqual(1);
    expect(tokensAt(mirror, 1e9)).toBe(10);
  });

  it("does not refill by a clock that goes back", () => {
    expect(tokensAt(hello({ tokens: 3 }), -5_000)).toBe(3);
  });

  it("counts a frame that left as spent", () => {
    expect(tokensAt(spend(hello(), 1, 0), 0)).toBe(9);
  });

  it("tells when there will be enough, and that there never will", () => {
    const mirror = hello({ tokens: 0 });
    const at = whenTokens(mirror, 2, 0);
    expect(at).toBeGreaterThan(4_000);
    expect(tokensAt(mirror, at ?? 0)).toBeGreaterThanOrEqual(2);
    expect(whenTokens(hello(), 2, 0)).toBe(0);
    expect(whenTokens(mirror, 11, 0)).toBeNull();
    expect(whenTokens(hello({ tokens: 0, perSecond: 0 }), 1, 0)).toBeNull();
  });

  it("of a client that states no rate is without limit", () => {
    const mirror = mirrorHello(undefined, 0, 0);
    expect(tokensAt(spend(mirror, 1, 0), 0)).toBe(Number.POSITIVE_INFINITY);
    expect(whenTokens(mirror, 1_000, 0)).toBe(0);
  });
});

describe("a client that says it has no limiter", () => {
  it("is taken at its word, and keeps the slots that it states", () => {
    const said = aCapacity({ burst: 1e9, perSecond: 1e9, tokens: 1e9, slots: 4 });
    const mirror = mirrorHello(said, 0, 0);
    expect(mirror).toMatchObject({ rate: null, slots: 4 });
    expect(mirrorUpdate(mirror, { ...said, slots: 2 }, NONE, 2, 0)).toMatchObject({
      rate: null,
      slots: 2,
    });
    expect(mirrorUpdate(mirror, aCapacity(), NONE, 0, 0).rate).not.toBeNull();
  });
});

describe("the picture of a client's slots", () => {
  it("is 16 less what it holds where hello does not say", () => {
    expect(mirrorHello(undefined, 3, 0)).toMatchObject({ slots: 13, slotsTotal: 16 });
    expect(mirrorHello(undefined, 30, 0).slots).toBe(0);
  });

  it("knows of the slots in use, so that a reserve is not a busy client's only slot", () => {
    expect(hello({ slots: 1 }, 3)).toMatchObject({ slots: 1, slotsTotal: 4 });
  });

  it("counts as surely there only what was free at once", () => {
    const busy = hello({ slots: 0 }, 1);
    expect(busy.mostFree).toBe(0);
    // The end of the held task is on its way, so its slot is said to be free while the book still has it.
    const said = mirrorUpdate(busy, aCapacity({ slots: 1 }), NONE, 1, 0);
    expect(said.mostFree).toBe(1);
    expect(mirrorUpdate(said, aCapacity({ slots: 0 }), NONE, 0, 0).mostFree).toBe(1);
  });

  it("falls by the tasks of a frame and rises by those that ended, within its total", () => {
    const mirror = spend(hello({ slots: 4 }), 3, 0);
    expect(mirror.slots).toBe(1);
    expect(release(mirror, 2).slots).toBe(3);
    expect(release(mirror, 9).slots).toBe(4);
  });
});

describe("a later word of the client", () => {
  it("replaces the picture, less what it cannot have seen yet", () => {
    const said = aCapacity({ tokens: 8, slots: 6 });
    const mirror = mirrorUpdate(hello(), said, { frames: 2, tasks: 5 }, 0, 0);
    expect(tokensAt(mirror, 0)).toBe(6);
    expect(mirror.slots).toBe(1);
    expect(mirrorUpdate(hello(), said, { frames: 9, tasks: 9 }, 0, 0)).toMatchObject({ slots: 0 });
  });

  it("may raise the total of its slots and never lowers it", () => {
    const raised = mirrorUpdate(hello({ slots: 4 }), aCapacity({ slots: 9 }), NONE, 2, 0);
    expect(raised.slotsTotal).toBe(11);
    expect(mirrorUpdate(raised, aCapacity({ slots: 0 }), NONE, 0, 0).slotsTotal).toBe(11);
  });
});

/**
 * A client with a limiter and slots of its own behind a line of any latency in either direction, and a
 * server that sends whenever its picture allows it. The line keeps order and loses nothing; every
 * interleaving of sending, arriving and speaking is a run.
 */
class Line {
  readonly bucket: TokenBucket;
  readonly #slots: number;
  /** Whether each frame of the client states its capacity; else only hello does. */
  readonly #terse: boolean;
  readonly #toClient: { seq: number; tasks: number }[] = [];
  readonly #toServer: { acked: number; ended: number; capacity: Capacity | null }[] = [];
  #mirror: CapacityMirror;
  #sent: { seq: number; tasks: number }[] = [];
  #seq = 0;
  #arrived = 0;
  /** Tasks that the client holds, and those that it finished and did not report yet. */
  #held = 0;
  #finished = 0;
  /** Held as the server knows it. */
  #accepted = 0;
  leastFree: number;
  now = 0;

  constructor(capacity: Capacity, terse: boolean) {
    this.bucket = new TokenBucket(capacity.burst, capacity.perSecond, 0);
    this.#slots = capacity.slots;
    this.#terse = terse;
    this.leastFree = capacity.slots;
    this.#mirror = mirrorHello(capacity, 0, 0);
  }

  serverSends(wanted: number): void {
    const tasks = Math.min(wanted, this.#mirror.slots);
    if (tasks === 0 || tokensAt(this.#mirror, this.now) < 1) return;
    this.#seq += 1;
    this.#mirror = spend(this.#mirror, tasks, this.now);
    this.#sent.push({ seq: this.#seq, tasks });
    this.#toClient.push({ seq: this.#seq, tasks });
  }

  frameArrives(): void {
    const frame = this.#toClient.shift();
    if (frame === undefined) return;
    this.bucket.take(this.now);
    this.#arrived = frame.seq;
    this.#held += frame.tasks;
    this.leastFree = Math.min(this.leastFree, this.#slots - this.#held);
  }

  clientFinishes(): void {
    if (this.#held === 0) return;
    this.#held -= 1;
    this.#finished += 1;
  }

  clientSpeaks(): void {
    const capacity = this.#terse ? null : this.#capacity();
    this.#toServer.push({ acked: this.#arrived, ended: this.#finished, capacity });
    this.#finished = 0;
  }

  wordArrives(): void {
    const word = this.#toServer.shift();
    if (word === undefined) return;
    const acked = this.#sent.filter(({ seq }) => seq <= word.acked);
    this.#sent = this.#sent.filter(({ seq }) => seq > word.acked);
    this.#accepted += tasksOf(acked) - word.ended;
    const unacknowledged = { frames: this.#sent.length, tasks: tasksOf(this.#sent) };
    this.#mirror =
      word.capacity === null
        ? release(arriveFrames(this.#mirror, unacknowledged.frames, this.now), word.ended)
        : mirrorUpdate(this.#mirror, word.capacity, unacknowledged, this.#accepted, this.now);
  }

  #capacity(): Capacity {
    const { burst, perSecond } = this.bucket;
    const tokens = this.bucket.tokens(this.now);
    return { burst, perSecond, tokens, slots: this.#slots - this.#held };
  }
}

const tasksOf = (frames: readonly { tasks: number }[]) =>
  frames.reduce((sum, { tasks }) => sum + tasks, 0);

describe("a server that sends whenever its picture allows it", () => {
  const act = fc.record({
    afterMs: fc.oneof(fc.constant(0), fc.nat({ max: 500 }), fc.nat({ max: 40_000 })),
    does: fc.constantFrom("send", "send", "arrive", "finish", "speak", "hear"),
    tasks: fc.integer({ min: 1, max: 5 }),
  });
  const capacity = fc.record({
    burst: fc.integer({ min: 1, max: 6 }),
    perSecond: fc.constantFrom(1 / 30, 0.5, 3),
    slots: fc.integer({ min: 1, max: 8 }),
  });

  it("never trips the client's limiter and never fills more than its slots, at any latency", () => {
    fc.assert(
      fc.property(
        capacity,
        fc.boolean(),
        fc.array(act, { maxLength: 120, size: "max" }),
        (can, terse, acts) => {
          const line = new Line({ ...can, tokens: can.burst }, terse);
          for (const { afterMs, does, tasks } of acts) {
            line.now += afterMs;
            if (does === "send") line.serverSends(tasks);
            else if (does === "arrive") line.frameArrives();
            else if (does === "finish") line.clientFinishes();
            else if (does === "speak") line.clientSpeaks();
            else line.wordArrives();
          }
          expect(line.bucket.trips).toBe(0);
          expect(line.leastFree).toBeGreaterThanOrEqual(0);
        },
      ),
      { numRuns: 3_000 },
    );
  });
});
