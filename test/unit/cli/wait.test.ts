import { createOperator } from "@sluice/sdk/operator";
import { describe, expect, it } from "vitest";
import { waitForEnd, waitingLine } from "../../../packages/cli/src/commands/wait.ts";
import { stubService } from "./command-line.ts";
import { recordingTerminal } from "./printing.ts";
import { taskView } from "./views.ts";

/** An operator whose service shows one view of the task after the other, then the last one forever. */
async function operatorSeeing(...views: ReturnType<typeof taskView>[]) {
  const { url } = await stubService(() => ({
    status: 200,
    body: views.length > 1 ? views.shift() : views[0],
  }));
  return createOperator({ url, key: "sk_test" });
}

const never = new AbortController().signal;

describe("waiting for a task", () => {
  it("ends with the task as it ended", async () => {
    const operator = await operatorSeeing(taskView(), taskView({ state: "succeeded" }));
    const { terminal, results } = recordingTerminal();
    const task = await waitForEnd(operator, "cl_1", "tk_1", terminal, never);
    expect(task.state).toBe("succeeded");
    expect(results()).toBe("");
  });

  it("shows a person how far it is, on one line that is gone at the end", async () => {
    const operator = await operatorSeeing(
      taskView({ waitingFor: "offline" }),
      taskView({ state: "running", progress: { done: 0.5, note: "half" } }),
      taskView({ state: "succeeded" }),
    );
    const { terminal, results } = recordingTerminal({ interactive: true, columns: 60 });
    await waitForEnd(operator, "cl_1", "tk_1", terminal, never);
    const drawn = results().split("\r\u001b[K");
    expect(drawn).toEqual([
      "",
      "queued, waiting for offline",
      "████████████░░░░░░░░░░░░  50% half",
      "",
    ]);
  });

  it("ends when the person has enough", async () => {
    const operator = await operatorSeeing(taskView());
    const { terminal } = recordingTerminal();
    const waiting = waitForEnd(operator, "cl_1", "tk_1", terminal, AbortSignal.timeout(50));
    await expect(waiting).rejects.toMatchObject({
      exitCode: 1,
      message: "interrupted; the task goes on",
    });
  });

  it("passes on what the service refuses", async () => {
    const { url } = await stubService(() => ({ status: 404, body: { code: "not_found" } }));
    const operator = createOperator({ url, key: "sk_test" });
    const waiting = waitForEnd(operator, "cl_1", "tk_1", recordingTerminal().terminal, never);
    await expect(waiting).rejects.toMatchObject({ status: 404 });
  });
});

describe("the line of a task that has not ended", () => {
  it.each([
    [taskView({ state: "accepted" }), "accepted"],
    [taskView({ waitingFor: "rate" }), "queued, waiting for rate"],
    [
      taskView({ state: "running", progress: { done: 1, note: "\u001b[2Jlast\n" } }),
      `${"█".repeat(24)} 100% last `,
    ],
  ])("%#", (view, line) => {
    expect(waitingLine(view)).toBe(line);
  });
});
