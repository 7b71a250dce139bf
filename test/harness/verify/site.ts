import { Visitor } from "../../builders/visitor.ts";
import type { Running } from "../running.ts";

/** A site of a running service, and someone who visits it over real sockets. */
export interface SocketSite {
  readonly sitekey: string;
  readonly secret: string;
  readonly visitor: Visitor;
}

/** Opens a site for `shop.example`, with little work for its visitors unless `fields` say otherwise. */
export async function openSite(
  { service, operatorKey }: Running,
  fields: object = {},
): Promise<SocketSite> {
  const policy = { difficulty: "low", enrols: false };
  const response = await fetch(`${service.url}/v1/sites`, {
    method: "POST",
    headers: { authorization: `Bearer ${operatorKey}`, "content-type": "application/json" },
    body: JSON.stringify({ name: "shop", hostnames: ["shop.example"], policy, ...fields }),
  });
  const { sitekey, secret }: { sitekey: string; secret: string } = await response.json();
  const send = (path: string, init: RequestInit) => fetch(service.url + path, init);
  const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
  return { sitekey, secret, visitor: new Visitor(send, sitekey, wait) };
}
