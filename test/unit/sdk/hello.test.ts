import { LIMITS } from "@sluice/protocol";
import { describe, expect, it } from "vitest";
import { helloOf } from "../../../packages/sdk/src/client/hello.ts";
import { replay } from "./builders/histories.ts";
import { delivered, taskId } from "./builders/tasks.ts";

const CAPACITY = { burst: 1, perSecond: 1, tokens: 1, slots: 1 };

describe("a client's hello", () => {
  it("of one that is new says who it is and what it can take, and nothing that it does not know", () => {
    expect(helloOf({ agent: "agent/1" }, replay([]), CAPACITY)).toEqual({
      type: "hello",
      agent: "agent/1",
      capacity: CAPACITY,
      running: [],
    });
  });

  it("of one that comes back says how far it got and what it holds", () => {
    const state = replay([
      { type: "batch", position: { epoch: 3, seq: 7 }, fresh: [delivered("a")], adopted: [] },
    ]);
    expect(helloOf({ agent: "agent/1", facts: { os: "linux" } }, state, CAPACITY)).toMatchObject({
      resume: { epoch: 3, seq: 7 },
      running: [{ id: taskId("a"), attempt: 1 }],
      facts: { os: "linux" },
    });
  });

  it("has an agent no longer than the wire takes", () => {
    const { agent } = helloOf({ agent: "a".repeat(10_000) }, replay([]), CAPACITY);
    expect(agent).toHaveLength(LIMITS.agentCharacters);
  });
});
