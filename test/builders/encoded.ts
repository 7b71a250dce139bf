import { parseTaskSpec, type TaskSpec } from "@sluice/protocol";
import type { EncodedTasks } from "../../durable-objects/client/rpc.ts";
import { encodeTasks } from "../../workers/dispatch/encode-tasks.ts";

/** Tasks as the front hands them to the object. */
export function encoded(specs: readonly TaskSpec[]): EncodedTasks {
  return encodeTasks(
    specs.map((spec) => {
      const parsed = parseTaskSpec(spec);
      if (!parsed.ok) throw new Error(parsed.error.detail);
      return parsed.value;
    }),
  );
}
