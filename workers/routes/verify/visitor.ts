import { networkOf } from "../../front/network.ts";

/** The network that a visitor comes from; null where no address is known, as in a local run. */
export function networkOfVisitor(headers: Headers): string | null {
  const address = headers.get("cf-connecting-ip");
  return address === null ? null : networkOf(address);
}
