import { describe, expect, it } from "vitest";
import { hashKey } from "../../../workers/keys/index.ts";
import { enrolledClient, type Front, keyOf, startFront } from "./front-fixture.ts";

const connect = (front: Front, headers: Record<string, string>) =>
  front.call("/v1/connect", { headers: { upgrade: "websocket", ...headers } });

function forwarded(front: Front): Request {
  const [request] = front.clients.calls[0]?.args ?? [];
  if (!(request instanceof Request)) throw new Error("nothing was forwarded");
  return request;
}

describe("connecting", () => {
  it("hands the upgrade to the object that the token leads to", async () => {
    const { clientId, token } = await enrolledClient();
    const front = startFront();
    const response = await connect(front, { authorization: `Bearer ${token}` });
    expect(await response.text()).toBe("upgraded");
    expect(response.headers.get("sec-websocket-protocol")).toBeNull();
    expect(front.clients.calls).toMatchObject([{ name: clientId, method: "fetch" }]);
    expect(forwarded(front).headers.get("sluice-token-hash")).toBe(hashKey(token));
    expect(front.limited).toContain(`CLIENT_LIMIT ${clientId}`);
  });

  it("takes a browser's token from the subprotocol and answers the version alone", async () => {
    const { clientId, token } = await enrolledClient();
    const front = startFront();
    const offer = `sluice.v1, sluice.token.${token}`;
    const response = await connect(front, { "sec-websocket-protocol": offer });
    expect(front.clients.calls).toMatchObject([{ name: clientId }]);
    expect(response.headers.get("sec-websocket-protocol")).toBe("sluice.v1");
  });

  it("hands on no header, query or hash of the caller's own", async () => {
    const { token } = await enrolledClient();
    const front = startFront();
    await front.call(`/v1/connect?token=${token}`, {
      headers: {
        upgrade: "websocket",
        authorization: `Bearer ${token}`,
        "sec-websocket-protocol": `sluice.v1, sluice.token.${token}`,
        "sluice-token-hash": "0".repeat(64),
        cookie: "a=b",
      },
    });
    const { headers, url } = forwarded(front);
    expect(Object.fromEntries(headers)).toEqual({
      upgrade: "websocket",
      "sluice-token-hash": hashKey(token),
    });
    expect(url).toBe("https://sluice.test/v1/connect");
  });

  it("without an upgrade is told to upgrade", async () => {
    const response = await startFront().call("/v1/connect");
    expect(response.status).toBe(426);
    expect(response.headers.get("upgrade")).toBe("websocket");
  });

  it("with no genuine client token is accepted and closed with 4401, and wakes nothing", async () => {
    const front = startFront();
    for (const token of ["", `ct_${"A".repeat(60)}`, await keyOf("operator")]) {
      await connect(front, { authorization: `Bearer ${token}` });
    }
    await connect(front, { "sec-websocket-protocol": "sluice.v1, sluice.token.x" });
    expect(front.refusedSockets.map(({ code }) => code)).toEqual([4401, 4401, 4401, 4401]);
    expect(front.refusedSockets.map(({ subprotocol }) => subprotocol)).toEqual([
      null,
      null,
      null,
      "sluice.v1",
    ]);
    expect(front.refusedSockets.every(({ reason }) => reason.length <= 123)).toBe(true);
    expect(front.clients.stubs).toBe(0);
  });

  it.each(["ADDRESS_LIMIT", "CLIENT_LIMIT"])("over %s is turned away with 429", async (limiter) => {
    const { token } = await enrolledClient();
    const front = startFront({ exhausted: [limiter] });
    const response = await connect(front, { authorization: `Bearer ${token}` });
    expect(response.status).toBe(429);
    expect(response.headers.get("retry-after")).toBe("60");
    expect(front.clients.stubs).toBe(0);
  });
});
