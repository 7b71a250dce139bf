import { createRequire } from "node:module";
import { dirname } from "node:path";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
// The gradients of the operations come with the layers; the core alone can only go forward.
import "@tensorflow/tfjs-layers";

/** Readies TensorFlow.js on its WebAssembly backend, from the installed package. */
export async function readyBackend(): Promise<void> {
  const entry = createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm");
  setWasmPaths(`${dirname(entry)}/`);
  await tf.setBackend("wasm");
  await tf.ready();
}
