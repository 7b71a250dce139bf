import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseTaskSpec, type TaskSpec } from "@sluice/protocol";
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

test("files are looked for in folders of the project that exist", async () => {
  const folders = foldersOf(await planCollections(ROOT, 100));
  expect(folders.length).toBeGreaterThan(1);
  expect(folders.filter((folder) => !existsSync(folder))).toEqual([]);
});

test("installed packages are left out, wherever the project itself is", async () => {
  const root = await mkdtemp(join(tmpdir(), "sluice-node_modules-"));
  for (const folder of [
    "workers",
    "durable-objects",
    "packages/node_modules/x",
    "scripts",
    "test",
  ]) {
    await mkdir(join(root, folder), { recursive: true });
    await writeFile(join(root, folder, "file.ts"), "");
  }
  const folders = foldersOf(await planCollections(root, 60));
  await rm(root, { recursive: true });
  expect(new Set(folders.map((folder) => relative(root, folder)))).toEqual(
    new Set(["durable-objects", "scripts", "test", "workers"]),
  );
});

function foldersOf(specs: readonly TaskSpec[]): string[] {
  return specs
    .filter(({ kind }) => kind === "fs.list" || kind === "fs.hash")
    .map(({ args }) => String(args?.path ?? dirname(String(args?.glob))));
}
