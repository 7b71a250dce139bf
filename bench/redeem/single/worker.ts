import { waitUntil } from "cloudflare:workers";
import type { Env } from "../../../workers/env.ts";
import type { Isolate } from "../../../workers/front/request-context.ts";
import { createContext } from "../../../workers/front/request-context.ts";
import { startIsolate } from "../../../workers/isolate.ts";
import { answer } from "../../../workers/router.ts";
import { type OneNamespace, OneObjectRing } from "./one-object-ring.ts";

/** The project's Worker with one object in place of the ledger. */
export { Client } from "../../../durable-objects/client/object.ts";
export { Recorder } from "../../../durable-objects/recorder/object.ts";
export { Registry } from "../../../durable-objects/registry/object.ts";
export { Sluice } from "../../../workers/index.ts";
export { Ledger } from "./one-object.ts";

let isolate: Isolate | null = null;

function isolateOf(env: Env): Isolate {
  const bindings: unknown = env.LEDGER;
  const ledger = new OneObjectRing(env.LEDGER, bindings as OneNamespace);
  return { ...startIsolate(env, waitUntil), ledger };
}

export default {
  fetch(request: Request, env: Env): Promise<Response> {
    isolate ??= isolateOf(env);
    return answer(request, createContext(env, isolate));
  },
};
