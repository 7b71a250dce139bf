import type { V4ModuleDefinition } from "miniflare";

/** The ceiling: a Worker that answers `ok` and looks at nothing. */
export const BARE_WORKER: readonly V4ModuleDefinition[] = [
  {
    type: "ESModule",
    path: "index.js",
    contents: `
import { DurableObject, WorkerEntrypoint } from "cloudflare:workers";
export class Client extends DurableObject {}
export class Registry extends DurableObject {}
export class Ledger extends DurableObject {}
export class Sluice extends WorkerEntrypoint {}
export default { fetch: () => new Response("ok") };`,
  },
];
