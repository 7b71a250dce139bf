import { expect, test } from "vitest";
import { tasks } from "../../builders/tasks.ts";
import { Machine, useSluice } from "./machine.ts";
import { keepAgentAlive } from "./mortal-agent.ts";

const sluice = useSluice();

test("a task that kills its client three times is dead, with its story, and the others are done", async ({
  onTestFinished,
}) => {
  const enrolled = await sluice().operator.enrol();
  const machine = Machine.of(sluice(), enrolled);
  const agent = await keepAgentAlive(sluice().service.url, enrolled.token);
  onTestFinished(() => agent.stop());
  const before = await machine.schedule(...tasks(5, { kind: "mark" }));
  const poison = await machine.scheduleOne({ kind: "die" });
  const after = await machine.schedule(...tasks(5, { kind: "mark" }));

  const dead = await machine.reaches(poison, "dead");
  expect(dead.error).toMatchObject({
    code: "poisoned",
    message: expect.stringContaining("3 times"),
  });
  expect(dead.timeline.at(-1)).toMatchObject({
    event: "dead",
    note: "it crashed its client repeatedly",
  });
  expect(agent.runs(poison)).toBe(3);
  expect(agent.lives).toBe(4);
  for (const id of [...before, ...after]) await machine.reaches(id, "succeeded");
});
