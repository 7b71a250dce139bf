import os from "node:os";
import type { JsonObject } from "@sluice/protocol";
import { readArguments } from "./arguments.ts";
import type { Collector } from "./collector.ts";

/** One row on the machine: system, processors, memory, network interfaces. */
export const systemInfo: Collector<object> = {
  kind: "system.info",
  describe: "operating system, processors, memory, load and network interfaces of the machine",
  parse: (args) => readArguments(args, {}),
  run: async (_args, context) => context.row(describeSystem()),
};

function describeSystem(): JsonObject {
  const processors = os.cpus();
  return {
    os: os.platform(),
    osVersion: os.version(),
    osRelease: os.release(),
    arch: os.arch(),
    hostname: os.hostname(),
    cpus: { count: processors.length, model: processors[0]?.model.trim() ?? null },
    memory: { totalBytes: os.totalmem(), freeBytes: os.freemem() },
    uptimeSeconds: Math.round(os.uptime()),
    load: os.loadavg(),
    interfaces: interfaces(),
    nodeVersion: process.version,
  };
}

function interfaces(): JsonObject[] {
  return Object.entries(os.networkInterfaces()).flatMap(([name, addresses]) =>
    (addresses ?? []).map(({ address, family, mac, internal }) => ({
      name,
      address,
      family,
      mac,
      internal,
    })),
  );
}
