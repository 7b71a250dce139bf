import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { startAltcha } from "./altcha.ts";
import { startCap } from "./cap.ts";
import type { Peer, PeerName, PeerReady } from "./plan.ts";

const START: Readonly<Record<PeerName, (count: number) => Promise<Peer>>> = {
  "@cap.js/server": startCap,
  "altcha-lib": startAltcha,
};

/** Serves one peer behind Node's HTTP server: `{"response": token}` → `{"success": boolean}`. */
async function serve(name: PeerName, count: number): Promise<PeerReady> {
  const peer = await START[name](count);
  const server = createServer(async (request, response) => {
    const { response: token } = JSON.parse(await textOf(request));
    const body = JSON.stringify({ success: await peer.redeem(token) });
    response.writeHead(200, {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
    });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, tokens: peer.tokens };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString();
}

const [name, count] = process.argv.slice(2);
process.on("disconnect", () => process.exit());
process.send?.(await serve(name as PeerName, Number(count)));
