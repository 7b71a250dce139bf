import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseTaskSpec } from "@sluice/protocol";
import { expect, test } from "vitest";
import { planCollections } from "../../../scripts/demo/collections.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

test("a hundred collections are a mix of every kind, and each is a task", async () => {
  const specs = await planCollections(ROOT, 100);
  expect(specs).toHaveLength(100);
  expect(new Set(specs.map(({ kind }) => kind))).toEqual(
    new Set(["system.info", "process.list", "net.sockets", "fs.list", "fs.hash"]),
  );
  for (const spec of specs) expect(parseTaskSpec(spec)).toMatchObject({ ok: true });
});

test("files are looked for in folders of the project that exist, installed packages apart", async () => {
  const specs = await planCollections(ROOT, 100);
  const folders = specs.filter(({ kind }) => kind === "fs.list").map(({ args }) => args?.path);
  expect(folders.length).toBeGreaterThan(0);
  for (const folder of folders) {
    expect(folder).not.toContain("node_modules");
    expect(existsSync(String(folder))).toBe(true);
  }
});
