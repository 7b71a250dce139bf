import { WorkerEntrypoint, waitUntil } from "cloudflare:workers";
import { reconcileRecords } from "./accounts/reconcile-records.ts";
import { type CallerProps, findTask, schedule, siteverify } from "./dispatch/entrypoint.ts";
import type { Env } from "./env.ts";
import { createContext, type Isolate, type RequestContext } from "./front/request-context.ts";
import { startIsolate } from "./isolate.ts";
import { answer } from "./router.ts";

export { Client } from "../durable-objects/client/object.ts";
export { Ledger } from "../durable-objects/ledger/object.ts";
export { Recorder } from "../durable-objects/recorder/object.ts";
export { Registry } from "../durable-objects/registry/object.ts";

let isolate: Isolate | null = null;

/** The surroundings of one request; what the isolate's requests share is made with the first. */
function contextOf(env: Env): RequestContext {
  isolate ??= startIsolate(env, waitUntil);
  return createContext(env, isolate);
}

export default {
  fetch: (request: Request, env: Env) => answer(request, contextOf(env)),
  /** Every hour, as wrangler.toml says. */
  scheduled: (_controller: unknown, env: Env) => reconcileRecords(contextOf(env)),
};

/**
 * For other Workers of the same deployment: the calls of the HTTP interface, without HTTP. The binding's
 * `props` may name the account that a Worker acts for.
 */
export class Sluice extends WorkerEntrypoint<Env, CallerProps | undefined> {
  /** Schedules tasks at a client; `tasks` are task specs as an operator writes them. */
  schedule(clientId: string, tasks: unknown) {
    return schedule(contextOf(this.env), this.ctx.props ?? {}, clientId, tasks);
  }

  /** Redeems a pass, once, as siteverify over HTTP does: `{secret, response, sitekey?, idempotencyKey?}`. */
  siteverify(request: unknown) {
    return siteverify(contextOf(this.env), request);
  }

  /** A task, whole. */
  task(clientId: string, taskId: string) {
    return findTask(contextOf(this.env), this.ctx.props ?? {}, clientId, taskId);
  }
}
