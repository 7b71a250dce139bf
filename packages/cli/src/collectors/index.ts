import type { AllowList } from "./allow-list.ts";
import { type AnyCollector, anyCollector } from "./collector.ts";
import { exec } from "./exec.ts";
import { fsHash } from "./fs-hash.ts";
import { fsList } from "./fs-list.ts";
import { netSockets } from "./net-sockets.ts";
import { processList } from "./process-list.ts";
import { systemInfo } from "./system-info.ts";

/** All collectors of an agent; `exec` is among them only when a program is allowed. */
export function collectors(allowed: AllowList): readonly AnyCollector[] {
  return [
    anyCollector(systemInfo),
    anyCollector(processList),
    anyCollector(netSockets),
    anyCollector(fsList),
    anyCollector(fsHash),
    ...(allowed.size > 0 ? [anyCollector(exec(allowed))] : []),
  ];
}
