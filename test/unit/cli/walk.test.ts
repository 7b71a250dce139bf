import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { type Visited, walk } from "../../../packages/cli/src/collectors/walk.ts";
import { temporaryDirectory } from "./collecting.ts";

function tree(): string {
  const root = temporaryDirectory();
  mkdirSync(join(root, "a", "b"), { recursive: true });
  writeFileSync(join(root, "a", "b", "deep"), "");
  writeFileSync(join(root, "top"), "");
  return root;
}

async function visits(root: string, depth: number): Promise<Visited[]> {
  const all: Visited[] = [];
  for await (const visited of walk(root, depth)) all.push(visited);
  return all;
}

async function paths(root: string, depth: number): Promise<string[]> {
  const found = await visits(root, depth);
  return found.map(({ path }) => relative(root, path)).sort();
}

describe("a walk", () => {
  it.each([
    [1, ["a", "top"]],
    [2, ["a", "a/b", "top"]],
    [Number.POSITIVE_INFINITY, ["a", "a/b", "a/b/deep", "top"]],
  ])("%d levels deep", async (depth, expected) => {
    expect(await paths(tree(), depth)).toEqual(expected);
  });

  it("visits a link and does not go through it, so that a circle of links has an end", async () => {
    const root = tree();
    symlinkSync(root, join(root, "circle"));
    const found = await paths(root, Number.POSITIVE_INFINITY);
    expect(found).toEqual(["a", "a/b", "a/b/deep", "circle", "top"]);
  });

  it("tells of a directory that it cannot read", async () => {
    const missing = join(tree(), "missing");
    expect(await visits(missing, 1)).toEqual([{ kind: "error", path: missing, error: "ENOENT" }]);
  });

  it("can be left at any entry", async () => {
    for await (const visited of walk(tree(), Number.POSITIVE_INFINITY)) {
      expect(visited.kind).toBe("entry");
      break;
    }
  });
});
