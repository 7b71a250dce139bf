import type { V4ModuleDefinition } from "miniflare";

/** The smallest Worker with a stored count, to try the machinery that runs Workers. */
export const COUNTING_WORKER: readonly V4ModuleDefinition[] = [
  {
    type: "ESModule",
    path: "index.js",
    contents: `
import { DurableObject } from "cloudflare:workers";
export class Client extends DurableObject {
  fetch() {
    const { sql } = this.ctx.storage;
    sql.exec("CREATE TABLE IF NOT EXISTS visits (at INTEGER)");
    sql.exec("INSERT INTO visits VALUES (?)", Date.now());
    return new Response(String(sql.exec("SELECT count(*) AS visits FROM visits").one().visits));
  }
}
export class Recorder extends DurableObject {}
export class Registry extends DurableObject {}
export class Ledger extends DurableObject {}
export default {
  async fetch(request, env) {
    switch (new URL(request.url).pathname) {
      case "/count": return env.CLIENT.getByName("counter").fetch(request);
      case "/limit": return Response.json(await env.CLIENT_LIMIT.limit({ key: "one" }));
      case "/secrets": return new Response(env.KEY_RING + " " + env.ADMIN_SECRET);
      case "/reject": Promise.reject(new Error("nobody awaits this")); return new Response("ok");
    }
  },
};`,
  },
];
