import type { Forward } from "./forward.ts";
import kernel from "./kernel.wasm";
import type { Network } from "./network.ts";
import { simdForward } from "./simd-forward.ts";

/** The kernel, which wrangler compiles with the Worker: workerd compiles no bytes that it is given later. */
export function forwardOf(network: Network): Forward {
  return simdForward(kernel, network);
}
