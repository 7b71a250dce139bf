import { describe, expect, it } from "vitest";
import type { Ending } from "../../../packages/sdk/src/client/connection-state.ts";
import { pollWhereBlocked } from "../../../packages/sdk/src/index.ts";
import type { SocketListener, Transport } from "../../../packages/sdk/src/transport/transport.ts";

const REQUEST = { url: "ws://127.0.0.1/v1/connect", token: "ct_test" };
const FAILED: Ending = { kind: "failed" };

/** The fallback over two transports that the test plays by hand. */
function fallback(retrySocketMs?: number) {
  const used: string[] = [];
  const ended: Ending[] = [];
  let current: SocketListener | undefined;
  const named =
    (name: string): Transport =>
    (_, listener) => {
      used.push(name);
      current = listener;
      const drop = () => used.push(`${name} dropped`);
      return { send: () => {}, close: drop, terminate: drop };
    };
  const transport = pollWhereBlocked(named("socket"), named("polls"), retrySocketMs);
  const connect = () =>
    transport(REQUEST, { opened: () => {}, received: () => {}, ended: (e) => ended.push(e) });
  /** Connects, and plays what becomes of it. */
  const attempt = (play: (listener: SocketListener) => void) => {
    const connection = connect();
    if (current !== undefined) play(current);
    return connection;
  };
  return { used, ended, attempt };
}

describe("polling where sockets are blocked", () => {
  it.each([
    ["break", (listener: SocketListener) => listener.ended(FAILED)],
    [
      "are refused by something else than the service",
      (listener: SocketListener) =>
        listener.ended({ kind: "refused", status: 502, retryAfterMs: 0 }),
    ],
    ["open and carry nothing", (listener: SocketListener) => listener.opened()],
  ])("begins after two sockets that %s, and then a socket is tried again", (_, play) => {
    const { used, attempt } = fallback();
    for (let n = 0; n < 2; n += 1) attempt(play).terminate();
    attempt((listener) => listener.ended(FAILED));
    attempt(play).terminate();
    expect(used.filter((name) => !name.endsWith("dropped"))).toEqual([
      "socket",
      "socket",
      "polls",
      "socket",
    ]);
  });

  it.each([
    ["heard the service", (listener: SocketListener) => listener.received("{}")],
    [
      "was turned away by the service",
      (listener: SocketListener) =>
        listener.ended({ kind: "refused", status: 503, retryAfterMs: 0 }),
    ],
    [
      "was closed by the service",
      (listener: SocketListener) => listener.ended({ kind: "closed", code: 4409, reason: "" }),
    ],
  ])("does not begin when one of the sockets %s", (_, play) => {
    const { used, attempt } = fallback();
    attempt((listener) => listener.ended(FAILED));
    attempt((listener) => {
      play(listener);
      listener.ended({ kind: "closed", code: 4503, reason: "" });
    });
    attempt((listener) => listener.ended(FAILED));
    attempt(() => {}).terminate();
    expect(used).not.toContain("polls");
  });

  it("ends after a while, so that a socket is tried again", async () => {
    const { used, ended, attempt } = fallback(1);
    for (let n = 0; n < 2; n += 1) attempt((listener) => listener.ended(FAILED));
    attempt((listener) => listener.received("{}"));
    await expect.poll(() => ended).toHaveLength(3);
    expect(used.slice(-2)).toEqual(["polls", "polls dropped"]);
  });

  it("leaves no timer behind when it is dropped", async () => {
    const { ended, attempt } = fallback(1);
    for (let n = 0; n < 2; n += 1) attempt((listener) => listener.ended(FAILED));
    attempt(() => {}).terminate();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(ended).toHaveLength(2);
  });
});
