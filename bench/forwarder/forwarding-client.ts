import { DurableObject } from "cloudflare:workers";
import { type ClientId, type ClientView, fail, ok, type Result } from "@sluice/protocol";
import { FrameText } from "../../durable-objects/client/batch-text.ts";
import type { EncodedTasks, Enrolment, Refusal } from "../../durable-objects/client/rpc.ts";
import { optionsOf, type Segment } from "../../durable-objects/client/segment.ts";

/**
 * The baseline of the throughput benchmark, in the place of the client's object behind the very same
 * front: writes the same frames and forwards them at once. It keeps nothing: no queue, no record of what
 * was sent, no ack, no policy, no row.
 */
export class Client extends DurableObject {
  #sent = 0;
  #seq = 0;

  override async fetch(): Promise<Response> {
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }

  override webSocketMessage(socket: WebSocket, message: string): void {
    if (message.includes('"hello"')) socket.send('{"type":"welcome","epoch":1}');
  }

  async enrol(enrolment: Enrolment): Promise<Result<{ clientId: ClientId }, Refusal>> {
    return ok({ clientId: enrolment.client });
  }

  async describe(): Promise<Result<ClientView, Refusal>> {
    return fail({ code: "not_found", detail: "the forwarder keeps nothing" });
  }

  async schedule(tasks: EncodedTasks): Promise<Result<string, Refusal>> {
    const segment: Segment = {
      ...tasks,
      first: this.#sent,
      createdAt: Date.now(),
      bytes: 0,
      parent: null,
    };
    this.#sent += tasks.count;
    this.#seq += 1;
    const frame = new FrameText(1, this.#seq);
    let ordinal = segment.first;
    for (const line of tasks.lines.split("\n")) {
      frame.add(segment, ordinal, 1, optionsOf(segment, ordinal), line);
      ordinal += 1;
    }
    const text = frame.text();
    for (const socket of this.ctx.getWebSockets()) socket.send(text);
    return ok("[]");
  }
}
