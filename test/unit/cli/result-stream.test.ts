import type { ResultRow } from "@sluice/protocol";
import { describe, expect, it } from "vitest";
import { printRows } from "../../../packages/cli/src/output/result-stream.ts";
import { recordingTerminal } from "./printing.ts";

async function* results(count: number): AsyncGenerator<ResultRow> {
  for (let index = 0; index < count; index++) yield { part: 0, index, row: { n: index } };
}

async function printed(count: number, json: boolean): Promise<string[]> {
  const { terminal, results: lines } = recordingTerminal();
  await printRows(results(count), terminal, json);
  return lines().split("\n").slice(0, -1);
}

describe("rows of a result", () => {
  it("are one table", async () => {
    expect(await printed(2, false)).toEqual(["N", "0", "1"]);
  });

  it("without end are one table after the other, and none is lost", async () => {
    const lines = await printed(2_500, false);
    expect(lines.filter((line) => line.trim() === "N")).toHaveLength(3);
    expect(lines).toHaveLength(2_503);
  });

  it("are nothing when there are none", async () => {
    expect(await printed(0, false)).toEqual([]);
  });

  it("are JSON lines for scripts, with their place", async () => {
    expect((await printed(2, true)).map((line) => JSON.parse(line))).toEqual([
      { part: 0, index: 0, row: { n: 0 } },
      { part: 0, index: 1, row: { n: 1 } },
    ]);
  });
});
