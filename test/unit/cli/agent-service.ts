import type { ClientFrame, DeliveredTask } from "@sluice/protocol";
import { onTestFinished } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { type Answer, type Asked, stubService } from "./command-line.ts";

/**
 * The least service that an agent can live with: it enrols, greets, hands over tasks when it is told
 * to, and answers reports. What the agent says is kept.
 */
export async function agentService(enrol?: (asked: Asked) => Answer) {
  const identity = { clientId: "cl_1", token: "ct_secret" };
  const { server, calls, url } = await stubService(
    enrol ?? (() => ({ status: 201, body: identity })),
  );
  const frames: ClientFrame[] = [];
  const tokens: (string | undefined)[] = [];
  const sockets: WebSocket[] = [];
  const upgrades = new WebSocketServer({ server, path: "/v1/connect" });
  onTestFinished(() => {
    for (const socket of sockets) socket.terminate();
  });
  upgrades.on("connection", (socket, request) => {
    tokens.push(request.headers.authorization);
    sockets.push(socket);
    socket.on("message", (data) => {
      if (String(data) === "ping") return socket.send("pong");
      const frame: ClientFrame = JSON.parse(String(data));
      frames.push(frame);
      answer(frame, (reply) => socket.send(JSON.stringify(reply)));
    });
  });
  const send = (frame: object) => sockets.at(-1)?.send(JSON.stringify(frame));
  return {
    url,
    calls,
    frames,
    tokens,
    /** Hands one task to the agent, in a batch of its own. */
    deliver: (task: Partial<DeliveredTask>, seq = 1) =>
      send({ type: "batch", epoch: 1, seq, tasks: [delivered(task)] }),
    /** Ends the agent's connection with a code. */
    close: (code: number) => sockets.at(-1)?.close(code, "said the test"),
    /** All that was reported so far. */
    items: () => frames.flatMap((frame) => (frame.type === "report" ? frame.items : [])),
  };
}

function answer(frame: ClientFrame, reply: (frame: object) => void): void {
  if (frame.type === "report") reply({ type: "reported", seq: frame.seq });
  if (frame.type !== "hello") return;
  const serverTime = new Date().toISOString();
  reply({ type: "welcome", epoch: 1, clientId: "cl_1", heartbeatMs: 30_000, serverTime });
}

function delivered(task: Partial<DeliveredTask>) {
  const deadline = new Date(Date.now() + 60_000).toISOString();
  return {
    ...{ id: "tk_1", attempt: 1, kind: "system.info", args: {}, priority: 5, timeoutMs: 30_000 },
    deadline,
    ...task,
  };
}
