import type { V4ModuleDefinition } from "miniflare";

/** The ceiling: a Worker that answers `ok` and looks at nothing. */
export const BARE_WORKER = workerOf(`{ fetch: () => new Response("ok") }`);

/** The least that any siteverify in a Worker does: it reads the call as JSON and answers with JSON. */
export const READING_WORKER = workerOf(`{
  async fetch(request) {
    const { response } = await request.json();
    return Response.json({ success: response.length > 0 });
  }
}`);

/** A Worker with this default export, and with the classes that the configuration names. */
function workerOf(handlers: string): readonly V4ModuleDefinition[] {
  const contents = `
import { DurableObject, WorkerEntrypoint } from "cloudflare:workers";
export class Client extends DurableObject {}
export class Registry extends DurableObject {}
export class Ledger extends DurableObject {}
export class Sluice extends WorkerEntrypoint {}
export default ${handlers};`;
  return [{ type: "ESModule", path: "index.js", contents }];
}
