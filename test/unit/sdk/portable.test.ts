import { SUBPROTOCOL, TOKEN_SUBPROTOCOL_PREFIX } from "@sluice/protocol";
import { describe, expect, it } from "vitest";
import { webSocketTransport } from "../../../packages/sdk/src/index.ts";
import { connectUrl } from "../../../packages/sdk/src/transport/transport.ts";
import { makeClient, startServer } from "./builders/clients.ts";
import { delivered, ends } from "./builders/tasks.ts";
import { until } from "./builders/wire-server.ts";

describe("the platform's own WebSocket", () => {
  it("carries the token as a subprotocol, and tasks as any transport does", async () => {
    const server = await startServer();
    const client = makeClient(server, { transport: webSocketTransport }).handle("echo", () => {});
    await client.start();
    const connection = await server.greeted();
    expect(connection.authorization).toBeUndefined();
    expect(connection.offered).toBe(`${SUBPROTOCOL}, ${TOKEN_SUBPROTOCOL_PREFIX}ct_test`);
    connection.batch(1, [delivered("a")]);
    await until(() => ends(server.items).length === 1, "the end");
  });

  it("comes back after a connection that broke, and after one that was half-open", async () => {
    const server = await startServer({ heartbeatMs: 20, answersPings: false });
    const client = makeClient(server, { transport: webSocketTransport });
    await client.start();
    (await server.greeted()).socket.terminate();
    await server.greeted(3);
    expect(client.events.map(({ type }) => type)).toContain("half_open");
  });

  it("stops when it was revoked", async () => {
    const server = await startServer();
    const client = makeClient(server, { transport: webSocketTransport });
    await client.start();
    (await server.greeted()).socket.close(4403);
    expect(await client.ended).toBe("revoked");
  });
});

describe("connectUrl", () => {
  it.each([
    ["https://sluice.example", "wss://sluice.example/v1/connect"],
    ["http://127.0.0.1:8787/", "ws://127.0.0.1:8787/v1/connect"],
    ["wss://sluice.example/behind/a/path/?x=1#y", "wss://sluice.example/behind/a/path/v1/connect"],
  ])("turns %s into %s", (base, expected) => {
    expect(connectUrl(base)).toBe(expected);
  });

  it.each(["ftp://sluice.example", "https://user:secret@sluice.example", "nowhere"])(
    "refuses %s, and does not repeat it",
    (base) => {
      expect(() => connectUrl(base)).toThrow(TypeError);
      expect(() => connectUrl(base)).not.toThrow(/secret/);
    },
  );
});
