import type { JsonObject } from "@sluice/protocol";
import { describe, expect, it } from "vitest";
import { RowBuffer, sendRows } from "../../../packages/cli/src/collectors/row-buffer.ts";
import { recordingContext } from "./collecting.ts";

/** A context that keeps the sizes of the parts it is sent. */
function countingContext(signal?: AbortSignal) {
  const parts: number[] = [];
  const context = {
    ...recordingContext(signal).context,
    rows: async (rows: readonly JsonObject[]) => void parts.push(rows.length),
  };
  return { context, parts };
}

describe("rows on their way", () => {
  it("travel together, the last part when all were given", async () => {
    const { context, parts } = countingContext();
    await sendRows(
      context,
      Array.from({ length: 450 }, (_, n) => ({ n })),
    );
    expect(parts).toEqual([200, 200, 50]);
  });

  it("travel sooner when they are large", async () => {
    const { context, parts } = countingContext();
    const large = { text: "x".repeat(70_000) };
    await sendRows(context, [large, large, large]);
    expect(parts).toEqual([2, 1]);
  });

  it("are not sent when there are none", async () => {
    const { context, parts } = countingContext();
    await sendRows(context, []);
    expect(parts).toEqual([]);
  });

  it("stop when the task is aborted", async () => {
    const cancel = new AbortController();
    const { context, parts } = countingContext(cancel.signal);
    const buffer = new RowBuffer(context);
    await buffer.push({ n: 1 });
    cancel.abort(new Error("cancelled"));
    await expect(buffer.push({ n: 2 })).rejects.toThrow("cancelled");
    expect(parts).toEqual([]);
  });
});
