import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Recorder } from "../../../packages/sdk/src/client/recorder.ts";
import { Resumption } from "../../../packages/sdk/src/client/resumption.ts";
import { memoryJournal } from "../../../packages/sdk/src/index.ts";
import { delivered, taskId } from "./builders/tasks.ts";

const TUNING = { poisonAfter: 2, rerunDelayMs: 100 };

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** A resumption over what an earlier process accepted and began, and what the client hears of it. */
function afterAnEarlierProcess({
  begun = [] as readonly string[],
  twice = [] as readonly string[],
}) {
  const recorder = new Recorder(memoryJournal(0), (cause) => expect.fail(String(cause)));
  recorder.record({
    type: "batch",
    position: { epoch: 1, seq: 1 },
    fresh: [
      ...["waiting", "ran", "killer"].map((name) => delivered(name)),
      delivered("once", { delivery: "at_most_once" }),
    ],
    adopted: [],
  });
  for (const names of [begun, twice]) {
    if (names.length > 0) recorder.record({ type: "started", ids: names.map(taskId) });
  }
  const heard: string[] = [];
  const note = (what: string) => (ids: readonly { readonly id: string }[]) => {
    heard.push(`${what} ${ids.map(({ id }) => id.slice("tk_".length)).join()}`);
  };
  const port = {
    enqueue: note("start"),
    enqueueInterrupted: (tasks: readonly { readonly task: { readonly id: string } }[]) =>
      note("rerun")(tasks.map(({ task }) => task)),
    emit: note("report"),
    poisoned: (task: { readonly id: string }) => note("poisoned")([task]),
  };
  return { resumption: new Resumption(recorder, port, TUNING), recorder, heard };
}

describe("what an earlier process left", () => {
  it("starts at once where it never started, and runs again a moment after the first welcome", () => {
    const { resumption, heard } = afterAnEarlierProcess({ begun: ["ran", "killer"] });
    resumption.begin();
    vi.advanceTimersByTime(1_000);
    expect(heard).toEqual(["start waiting,once"]);
    resumption.welcomed();
    vi.advanceTimersByTime(99);
    expect(heard).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(heard).toEqual(["start waiting,once", "rerun ran,killer"]);
  });

  it("runs again after the first welcome only", () => {
    const { resumption, heard } = afterAnEarlierProcess({ begun: ["ran"] });
    resumption.begin();
    resumption.welcomed();
    resumption.welcomed();
    vi.advanceTimersByTime(1_000);
    resumption.welcomed();
    vi.advanceTimersByTime(1_000);
    expect(heard.filter((line) => line.startsWith("rerun"))).toEqual(["rerun ran"]);
  });

  it("is given up where it took its process down too often, and is told", () => {
    const begun = ["ran", "killer"];
    const { resumption, heard } = afterAnEarlierProcess({ begun, twice: ["killer"] });
    resumption.begin();
    expect(heard).toEqual(["report killer", "poisoned killer", "start waiting,once"]);
  });

  it("is dropped without a word where it may have run once and must not run twice", () => {
    const { resumption, recorder, heard } = afterAnEarlierProcess({ begun: ["once"] });
    resumption.begin();
    resumption.welcomed();
    vi.advanceTimersByTime(1_000);
    expect(heard).toEqual(["start waiting,ran,killer"]);
    expect(recorder.state.held.has(taskId("once"))).toBe(false);
  });

  it("runs nothing again once the client stops", () => {
    const { resumption, heard } = afterAnEarlierProcess({ begun: ["ran"] });
    resumption.begin();
    resumption.welcomed();
    resumption.stop();
    vi.advanceTimersByTime(1_000);
    expect(heard).toEqual(["start waiting,killer,once"]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
