import { createServer, type Server } from "node:http";
import https from "node:https";
import { type AddressInfo, connect } from "node:net";
import { verify } from "hcaptcha";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Running, runSluice } from "./running.ts";
import { openSite, type RunningSite } from "./site.ts";

/**
 * The package as it is installed. It knows one address, hcaptcha.com/siteverify: this process answers for
 * that host, as a site's own name server or gateway would, and hands on to the service's path.
 */
let gateway: Server;
let running: Running;
let site: RunningSite;
const asked: (string | undefined)[] = [];
const usualAgent = https.globalAgent;

beforeAll(async () => {
  running = await runSluice();
  site = await openSite(running);
  gateway = createServer(async (request, response) => {
    asked.push(request.headers.host);
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const answer = await fetch(`${running.service.url}/hcaptcha${request.url}`, {
      method: request.method ?? "GET",
      headers: { "content-type": request.headers["content-type"] ?? "" },
      body: Buffer.concat(parts),
    });
    response.writeHead(answer.status, { "content-type": "application/json" });
    response.end(await answer.text());
  });
  await new Promise<void>((listening) => gateway.listen(0, "127.0.0.1", listening));
  https.globalAgent = new RedirectingAgent();
});

afterAll(async () => {
  https.globalAgent = usualAgent;
  await new Promise((closed) => gateway.close(closed));
  await running.service.stop();
});

/** Connects to the gateway whatever host is asked for. */
class RedirectingAgent extends https.Agent {
  override createConnection() {
    return connect((gateway.address() as AddressInfo).port, "127.0.0.1");
  }
}

test("a pass is verified once, and the package's own host was asked", async () => {
  const { pass } = await site.pass();
  expect(await verify(site.secret, pass, "203.0.113.7", site.sitekey)).toMatchObject({
    success: true,
    hostname: "shop.example",
    credit: false,
  });
  expect(await verify(site.secret, pass)).toMatchObject({
    success: false,
    "error-codes": ["invalid-or-already-seen-response", "already-seen-response"],
  });
  expect(new Set(asked)).toEqual(new Set(["hcaptcha.com"]));
});

test("a wrong secret, a wrong sitekey and a forged token are refused, and spend nothing", async () => {
  const { pass } = await site.pass();
  const other = await openSite(running);
  const codes = await Promise.all(
    [
      verify("wrong", pass),
      verify(other.secret, pass),
      verify(site.secret, pass, "", other.sitekey),
      verify(site.secret, `${pass}x`),
    ].map(async (answer) => (await answer)["error-codes"]),
  );
  expect(codes).toEqual([
    ["invalid-input-secret"],
    ["sitekey-secret-mismatch"],
    ["sitekey-secret-mismatch"],
    ["invalid-input-response"],
  ]);
  expect(await verify(site.secret, pass)).toMatchObject({ success: true });
});

test("hCaptcha's test keys work as they do there", async () => {
  const secret = "0x0000000000000000000000000000000000000000";
  expect(await verify(secret, "10000000-aaaa-bbbb-cccc-000000000001")).toMatchObject({
    success: true,
    hostname: "dummy-key-pass",
  });
});
