import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fsList } from "../../../packages/cli/src/collectors/fs-list.ts";
import { collect, refusal, temporaryDirectory } from "./collecting.ts";

function tree(): string {
  const root = temporaryDirectory();
  mkdirSync(join(root, "inner"));
  writeFileSync(join(root, "a.txt"), "hello");
  writeFileSync(join(root, "inner", "b.txt"), "");
  chmodSync(join(root, "a.txt"), 0o640);
  return root;
}

const byPath = (rows: readonly { path?: unknown }[]) => rows.map(({ path }) => path).sort();

describe("fs.list", () => {
  it("lists one directory with type, size, mode and time", async () => {
    const root = tree();
    const { rows } = await collect(fsList, { path: root });
    expect(byPath(rows)).toEqual([join(root, "a.txt"), join(root, "inner")]);
    expect(rows).toContainEqual({
      path: join(root, "a.txt"),
      type: "file",
      size: 5,
      mode: "0640",
      mtime: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
    expect(rows).toContainEqual(expect.objectContaining({ type: "directory" }));
  });

  it("descends when it is told to", async () => {
    const root = tree();
    const { rows } = await collect(fsList, { path: root, recursive: true });
    expect(byPath(rows)).toContain(join(root, "inner", "b.txt"));
  });

  it("shows a symbolic link as such and does not go through it", async () => {
    const root = tree();
    const outside = tree();
    symlinkSync(outside, join(root, "link"));
    const { rows } = await collect(fsList, { path: root, recursive: true });
    expect(rows).toContainEqual(
      expect.objectContaining({ path: join(root, "link"), type: "symlink" }),
    );
    expect(byPath(rows)).not.toContain(join(root, "link", "a.txt"));
  });

  it("describes a path that is no directory by itself", async () => {
    const path = join(tree(), "a.txt");
    expect((await collect(fsList, { path })).rows).toMatchObject([{ path, type: "file" }]);
  });

  it("stops at its limit and says so", async () => {
    const root = tree();
    const { rows } = await collect(fsList, { path: root, recursive: true, limit: 2 });
    expect(rows).toHaveLength(3);
    expect(rows[2]).toEqual({ path: root, error: "stopped after 2 entries" });
  });

  it("fails when there is no such path", async () => {
    await expect(collect(fsList, { path: join(tree(), "none") })).rejects.toThrow("ENOENT");
  });

  it("refuses a relative path", () => {
    expect(refusal(fsList, { path: "etc" })).toBe('argument "path" must be an absolute path');
  });
});
