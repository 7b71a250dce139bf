import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ReadyQueue, URGENT } from "../../../packages/sdk/src/client/ready-queue.ts";
import { delivered } from "./builders/tasks.ts";

describe("the ready queue", () => {
  it("gives back the highest priority first, and within one in order of arrival", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(URGENT), { maxLength: 3_000 }), (priorities) => {
        const queue = new ReadyQueue();
        const tasks = priorities.map((priority, index) => delivered(index, { priority }));
        for (const task of tasks) queue.add(task);
        expect(queue.size).toBe(tasks.length);
        const sorted = [...tasks].sort((one, other) => other.priority - one.priority);
        for (const expected of sorted) expect(queue.take(0)).toBe(expected);
        expect(queue.take(0)).toBeNull();
        expect(queue.size).toBe(0);
      }),
      { numRuns: 30 },
    );
  });

  it("leaves what is below the wanted priority", () => {
    const queue = new ReadyQueue();
    const urgent = delivered("urgent", { priority: 9 });
    queue.add(delivered("usual"));
    queue.add(urgent);
    expect(queue.take(URGENT)).toBe(urgent);
    expect(queue.take(URGENT)).toBeNull();
    expect(queue.size).toBe(1);
  });

  it("keeps its order when tasks come and go for long", () => {
    const queue = new ReadyQueue();
    let next = 0;
    for (let added = 0; added < 5_000; added++) {
      queue.add(delivered(added));
      if (added % 3 !== 0) expect(queue.take(0)?.id).toBe(`tk_${next++}`);
    }
    while (queue.size > 0) expect(queue.take(0)?.id).toBe(`tk_${next++}`);
    expect(next).toBe(5_000);
  });
});
