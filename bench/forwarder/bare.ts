import type { V4ModuleDefinition } from "miniflare";

/**
 * What workerd can do at best: a Worker that hands the body of each call to an object, which sends it on
 * as it is. No key, no limit, no check, no parsing, no frame.
 */
export const BARE_FORWARDER: readonly V4ModuleDefinition[] = [
  {
    type: "ESModule",
    path: "index.js",
    contents: `
import { DurableObject, WorkerEntrypoint } from "cloudflare:workers";
export class Client extends DurableObject {
  fetch() {
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }
  forward(text) {
    for (const socket of this.ctx.getWebSockets()) socket.send(text);
  }
  webSocketMessage() {}
}
export class Registry extends DurableObject {}
export class Ledger extends DurableObject {}
export class Sluice extends WorkerEntrypoint {}
export default {
  async fetch(request, env) {
    const object = env.CLIENT.getByName("forwarder");
    if (request.headers.get("upgrade")) return object.fetch(request);
    await object.forward(await request.text());
    return new Response(null, { status: 202 });
  },
};`,
  },
];
