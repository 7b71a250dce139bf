import type { Forward } from "./forward.ts";
import { layOut } from "./kernel-layout.ts";
import type { Network } from "./network.ts";

const PAGE_BYTES = 65_536;

/**
 * The network in kernel.wasm: its weights and what it computes stay in the kernel's own memory, and a run
 * copies the inputs alone. The same as {@link plainForward} within the rounding of 32-bit floats.
 */
export function simdForward(kernel: WebAssembly.Module, network: Network): Forward {
  const { memory, layersEnd, inputsFrom, weightsFrom } = layOut(network);
  const own = memoryWith(memory);
  const run = instantiate(kernel, own);
  const inputs = new Float32Array(own.buffer, inputsFrom, network.layers[0]?.inputs ?? 0);
  return (values) => {
    inputs.set(values);
    return run(0, layersEnd, weightsFrom);
  };
}

/** A memory of a fixed size, so that views on it stay valid. */
function memoryWith(bytes: ArrayBuffer): WebAssembly.Memory {
  const pages = Math.ceil(bytes.byteLength / PAGE_BYTES);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  new Uint8Array(memory.buffer).set(new Uint8Array(bytes));
  return memory;
}

type Run = (layersFrom: number, layersEnd: number, weightsFrom: number) => number;

function instantiate(kernel: WebAssembly.Module, memory: WebAssembly.Memory): Run {
  const { run } = new WebAssembly.Instance(kernel, { network: { memory } }).exports;
  if (typeof run !== "function") throw new TypeError("the kernel has no function run");
  return run as Run;
}
