import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FairQueue } from "../../../durable-objects/client/fair-queue.ts";

const NORMAL = 5;
const URGENT = 9;

/** Takes everything of `atLeast` or more out of the queue, in its order. */
function drain(queue: FairQueue, atLeast = 0): number[] {
  const order: number[] = [];
  for (let next = queue.peek(atLeast); next !== undefined; next = queue.peek(atLeast)) {
    order.push(next);
    queue.shift(atLeast);
  }
  return order;
}

function filled(...entries: readonly (readonly [number, number?, string?])[]): FairQueue {
  const queue = new FairQueue();
  for (const [ordinal, priority = NORMAL, key = ""] of entries) queue.push(ordinal, priority, key);
  return queue;
}

describe("the order in which tasks leave", () => {
  it("is first in, first out", () => {
    expect(drain(filled([3], [1], [2]))).toEqual([3, 1, 2]);
  });

  it("puts higher priorities first", () => {
    expect(drain(filled([0, 0], [5, 5], [9, 9], [6, 5]))).toEqual([9, 5, 6, 0]);
  });

  it("serves one caller's single task beside another's five hundred", () => {
    const queue = new FairQueue();
    for (let ordinal = 0; ordinal < 500; ordinal += 1) queue.push(ordinal, NORMAL, "script");
    queue.push(500, NORMAL, "person");
    expect(drain(queue).slice(0, 4)).toEqual([0, 500, 1, 2]);
  });

  it("takes turns among the keys of a priority", () => {
    const queue = filled([1, 5, "a"], [2, 5, "a"], [3, 5, "b"], [4, 5, "b"], [5, 5, "c"]);
    expect(drain(queue)).toEqual([1, 3, 5, 2, 4]);
  });

  it("keeps a key's turn by priority: what one has at 9 costs it nothing at 5", () => {
    const queue = filled([1, 9, "a"], [2, 5, "a"], [3, 5, "b"]);
    expect(drain(queue)).toEqual([1, 2, 3]);
  });

  it("puts returned tasks before all others of their line", () => {
    const queue = filled([4], [5]);
    queue.putBack([1, 2], NORMAL, "");
    expect(drain(queue)).toEqual([1, 2, 4, 5]);
  });

  it("takes a returned task back into a line that had run empty", () => {
    const queue = filled([1, 5, "a"], [2, 5, "b"]);
    queue.shift();
    queue.putBack([1], NORMAL, "a");
    expect(drain(queue)).toEqual([2, 1]);
  });

  it("can be asked for urgent tasks alone", () => {
    const queue = filled([1], [2, URGENT], [3]);
    expect(drain(queue, URGENT)).toEqual([2]);
    expect(queue.peek(URGENT)).toBeUndefined();
    expect(drain(queue)).toEqual([1, 3]);
  });

  it("is empty when it is empty", () => {
    const queue = new FairQueue();
    queue.shift();
    expect(queue.peek()).toBeUndefined();
  });
});

describe("whatever is pushed, put back and taken", () => {
  const step = fc.oneof(
    fc.record({
      does: fc.constant("push" as const),
      priority: fc.nat({ max: 9 }),
      key: fc.constantFrom("", "a", "b"),
    }),
    fc.record({ does: fc.constant("take" as const), back: fc.boolean() }),
  );

  it("everything comes out once, and each line in its order", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const queue = new FairQueue();
        const lineOf: { priority: number; key: string }[] = [];
        const out: number[] = [];
        for (const one of steps) {
          if (one.does === "push") {
            queue.push(lineOf.length, one.priority, one.key);
            lineOf.push(one);
            continue;
          }
          const ordinal = queue.peek();
          const line = ordinal === undefined ? undefined : lineOf[ordinal];
          if (ordinal === undefined || line === undefined) continue;
          queue.shift();
          if (one.back) queue.putBack([ordinal], line.priority, line.key);
          else out.push(ordinal);
        }
        out.push(...drain(queue));
        expect([...out].sort((a, b) => a - b)).toEqual(lineOf.map((_, ordinal) => ordinal));
        for (const { priority, key } of lineOf) {
          const line = out.filter(
            (ordinal) => lineOf[ordinal]?.priority === priority && lineOf[ordinal]?.key === key,
          );
          expect(line).toEqual([...line].sort((a, b) => a - b));
        }
      }),
    );
  });

  it("no key waits longer than for one task of each other key of its priority", () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(lengths, (counts) => {
        const queue = new FairQueue();
        const keyOf: string[] = [];
        for (const [index, count] of counts.entries()) {
          for (let n = 0; n < count; n += 1) {
            queue.push(keyOf.length, NORMAL, `key ${index}`);
            keyOf.push(`key ${index}`);
          }
        }
        const served = drain(queue).map((ordinal) => keyOf[ordinal]);
        const rounds = Math.min(...counts);
        for (let round = 0; round < rounds; round += 1) {
          const turn = served.slice(round * counts.length, (round + 1) * counts.length);
          expect(new Set(turn).size).toBe(counts.length);
        }
      }),
    );
  });

  it("a line of many thousands stays whole while it is consumed", () => {
    const queue = new FairQueue();
    const count = 10_000;
    for (let ordinal = 0; ordinal < count; ordinal += 1) queue.push(ordinal, NORMAL, "");
    expect(drain(queue)).toEqual(Array.from({ length: count }, (_, ordinal) => ordinal));
  });
});
