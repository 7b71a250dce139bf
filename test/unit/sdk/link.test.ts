import { CLOSE_CODES, encodeFrame } from "@sluice/protocol";
import { describe, expect, it } from "vitest";
import { Link } from "../../../packages/sdk/src/client/link.ts";
import { DEFAULT_TUNING } from "../../../packages/sdk/src/client/tuning.ts";
import type { SocketListener } from "../../../packages/sdk/src/transport/transport.ts";

const POLICY = { ...DEFAULT_TUNING, backoff: { baseMs: 0, capMs: 0 } };
const REQUEST = { url: "ws://127.0.0.1/v1/connect", token: "ct_test" };
const WELCOME =
  '{"type":"welcome","epoch":1,"clientId":"cl_1","heartbeatMs":30000,"serverTime":"2026-01-01T00:00:00Z"}';

/** A link over sockets that the test plays by hand, with all that they were told to do. */
function linkByHand() {
  const sockets: SocketListener[] = [];
  const told: string[] = [];
  const received: string[] = [];
  const link = new Link(
    (_, listener) => {
      const number = sockets.push(listener);
      return {
        send: (text) => told.push(`${number} send ${text}`),
        close: (code) => told.push(`${number} close ${code}`),
        terminate: () => told.push(`${number} terminate`),
      };
    },
    REQUEST,
    POLICY,
    { now: Date.now, random: () => 0 },
    {
      greet: (send) => send("hello"),
      received: (frame) => received.push(encodeFrame(frame)),
      farewell: () => {},
      lost: () => {},
      halfOpen: () => {},
      final: () => {},
    },
  );
  link.start();
  const socket = (number: number): SocketListener => {
    const listener = sockets[number - 1];
    if (listener === undefined) throw new Error(`no socket ${number}`);
    return listener;
  };
  return { link, sockets, socket, told, received };
}

/** Lets a reconnect without delay happen. */
const soon = () => new Promise((resolve) => setTimeout(resolve, 5));

describe("a link", () => {
  it("greets on an open socket, and is online once welcomed", () => {
    const { link, socket, told, received } = linkByHand();
    socket(1).opened();
    expect(told).toEqual(["1 send hello"]);
    expect(link.epoch).toBeNull();
    socket(1).received(WELCOME);
    expect(link.epoch).toBe(1);
    expect(received).toHaveLength(1);
    link.stop();
  });

  it("does not listen to a socket that it gave up", async () => {
    const { link, sockets, socket, told } = linkByHand();
    socket(1).opened();
    socket(1).received("no frame");
    expect(told.at(-1)).toBe(`1 close ${CLOSE_CODES.protocol}`);
    await soon();
    expect(sockets).toHaveLength(2);
    socket(2).opened();
    socket(2).received(WELCOME);
    socket(1).received(WELCOME.replace('"epoch":1', '"epoch":7'));
    socket(1).ended({ kind: "closed", code: CLOSE_CODES.revoked, reason: "" });
    expect(link.epoch).toBe(1);
    link.stop();
  });

  it("does not greet on a later socket than the one that opened", async () => {
    const { link, socket, told } = linkByHand();
    socket(1).ended({ kind: "failed" });
    await soon();
    socket(1).opened();
    expect(told).toEqual([]);
    link.stop();
  });

  it("closes its socket when it is stopped, and opens no other", async () => {
    const { link, sockets, socket, told } = linkByHand();
    socket(1).opened();
    link.stop();
    expect(told.at(-1)).toBe("1 close 1000");
    socket(1).ended({ kind: "closed", code: 1000, reason: "" });
    await soon();
    expect(sockets).toHaveLength(1);
  });

  it("sends nothing while it has no socket", () => {
    const { link, socket, told } = linkByHand();
    socket(1).ended({ kind: "failed" });
    link.send("lost");
    expect(told).toEqual([]);
    expect(link.framesSent).toBe(0);
    link.stop();
  });
});
