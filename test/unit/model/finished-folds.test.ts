import { appendFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FinishedFolds } from "../../../model/evaluation/finished-folds.ts";

describe("folds that are done", () => {
  let folder = "";
  const path = () => join(folder, "folds.jsonl");

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "folds-"));
  });

  afterEach(() => rm(folder, { recursive: true }));

  it("are there after a stop", async () => {
    const before = await FinishedFolds.open<number>(path(), "plan");
    expect(before.get("spring")).toBeUndefined();
    await before.add("spring", { spring: 0.9 });
    await before.add("pid", { pid: 0.8 });
    const after = await FinishedFolds.open<number>(path(), "plan");
    expect(after.get("spring")).toEqual({ spring: 0.9 });
    expect(after.get("pid")).toEqual({ pid: 0.8 });
  });

  it("are not taken for those of another plan, and are kept beside them", async () => {
    await (await FinishedFolds.open<number>(path(), "plan")).add("spring", { spring: 0.9 });
    const other = await FinishedFolds.open<number>(path(), "another plan");
    expect(other.get("spring")).toBeUndefined();
    await other.add("spring", { spring: 0.1 });
    const again = await FinishedFolds.open<number>(path(), "plan");
    expect(again.get("spring")).toEqual({ spring: 0.9 });
    expect((await readFile(path(), "utf8")).trim().split("\n")).toHaveLength(2);
  });

  it("go on where the machine stopped in the middle of a line", async () => {
    await (await FinishedFolds.open<number>(path(), "plan")).add("spring", { spring: 0.9 });
    await appendFile(path(), '\n{"key":"plan","fold":"pid","res');
    const after = await FinishedFolds.open<number>(path(), "plan");
    expect(after.get("spring")).toEqual({ spring: 0.9 });
    expect(after.get("pid")).toBeUndefined();
    await after.add("pid", { pid: 0.8 });
    expect((await FinishedFolds.open<number>(path(), "plan")).get("pid")).toEqual({ pid: 0.8 });
  });

  it("are kept in memory alone where no file is named", async () => {
    const folds = await FinishedFolds.open<number>(undefined, "plan");
    await folds.add("spring", { spring: 0.9 });
    expect(folds.get("spring")).toEqual({ spring: 0.9 });
  });
});
