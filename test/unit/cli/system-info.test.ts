import os from "node:os";
import { expect, it } from "vitest";
import { systemInfo } from "../../../packages/cli/src/collectors/system-info.ts";
import { collect, refusal } from "./collecting.ts";

it("system.info describes this machine in one row", async () => {
  const { rows } = await collect(systemInfo);

  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({
    os: process.platform,
    arch: process.arch,
    hostname: os.hostname(),
    nodeVersion: process.version,
    cpus: { count: os.cpus().length },
    memory: { totalBytes: os.totalmem() },
    interfaces: expect.arrayContaining([
      expect.objectContaining({ address: "127.0.0.1", internal: true }),
    ]),
  });
});

it("system.info takes no arguments", () => {
  expect(refusal(systemInfo, { all: true })).toBe('unknown argument "all"; it takes none');
});
