import { WorkerEntrypoint } from "cloudflare:workers";
import { findTask, schedule } from "./dispatch/entrypoint.ts";
import type { Env } from "./env.ts";
import { refuseSocket } from "./front/refuse-socket.ts";
import { createContext, type Runtime } from "./front/request-context.ts";
import { cryptoRandomBytes } from "./keys/index.ts";
import { answer } from "./router.ts";

export { Client } from "../durable-objects/client/object.ts";
export { Registry } from "../durable-objects/registry/object.ts";

const runtime: Runtime = {
  now: () => Date.now(),
  randomBytes: cryptoRandomBytes,
  refuseSocket,
  log: (line) => console.error(line),
};

export default {
  fetch: (request: Request, env: Env) => answer(request, createContext(env, runtime)),
};

/** For other Workers of the same deployment: the calls of the HTTP interface, without HTTP. */
export class Sluice extends WorkerEntrypoint<Env> {
  /** Schedules tasks at a client; `tasks` are task specs as an operator writes them. */
  schedule(clientId: string, tasks: unknown) {
    return schedule(createContext(this.env, runtime), clientId, tasks);
  }

  /** A task, whole. */
  task(clientId: string, taskId: string) {
    return findTask(createContext(this.env, runtime), clientId, taskId);
  }
}
