import { describe, expect, it } from "vitest";
import { makeClient, startServer } from "./builders/clients.ts";
import { type Fickleness, FickleServer, idsOf, seededRandom } from "./builders/fickle-server.ts";
import { deliveredMany } from "./builders/tasks.ts";

const TASKS = 120;

/** Delivers tasks over a bad network; what ran, and what the server stored of it. */
async function deliverOver(seed: number, fickleness: Fickleness) {
  const server = await startServer();
  const ran: string[] = [];
  const client = makeClient(server, { tuning: { reportTimeoutMs: 20 } });
  client.handle("echo", async (_, context) => {
    ran.push(context.task.id);
    await context.rows([1, 2]);
    await new Promise((resolve) => setTimeout(resolve, 1));
    await context.row(3);
  });
  await client.start();
  const fickle = new FickleServer(server, seededRandom(seed), fickleness);
  await fickle.deliverAll(deliveredMany(TASKS));
  return { ran, fickle, client };
}

describe("over a network and a server that cannot be relied on", () => {
  it.each([1, 2, 3, 4])(
    "every task runs once, and all that it said arrives (seed %i)",
    async (seed) => {
      const { ran, fickle } = await deliverOver(seed, {
        dropsConnection: 0.25,
        forgetsAnswer: 0.3,
        sendsAgain: 0.4,
        raisesAttempt: 0.3,
      });
      expect(ran.toSorted()).toEqual(idsOf(TASKS).toSorted());
      expect([...fickle.ended].toSorted()).toEqual(idsOf(TASKS).toSorted());
      for (const id of idsOf(TASKS)) {
        const parts = fickle.items.filter((item) => item.id === id && item.event === "rows");
        expect(parts.flatMap((part) => (part.event === "rows" ? part.rows : []))).toEqual([
          1, 2, 3,
        ]);
      }
    },
  );

  it("what is said of a task is said under the highest attempt that was acknowledged", async () => {
    const { fickle } = await deliverOver(5, {
      dropsConnection: 0.3,
      forgetsAnswer: 0,
      sendsAgain: 0.8,
      raisesAttempt: 0.6,
    });
    expect(fickle.toldUnderOldAttempts()).toEqual([]);
  });
});
