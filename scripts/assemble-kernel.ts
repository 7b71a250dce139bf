import { readFile } from "node:fs/promises";
import wabt from "wabt";

const FOLDER = new URL("../workers/verify/score/network/", import.meta.url);

/** The score's kernel as it is kept: assembled, so that a deploy needs no assembler. */
export const KERNEL_FILE = new URL("kernel.wasm", FOLDER);

/** Assembles and validates the kernel's source; the same source gives the same bytes. */
export async function assembleKernel(): Promise<Uint8Array> {
  const source = await readFile(new URL("kernel.wat", FOLDER), "utf8");
  const module = (await wabt()).parseWat("kernel.wat", source, { simd: true });
  try {
    module.resolveNames();
    module.validate();
    return module.toBinary({}).buffer;
  } finally {
    module.destroy();
  }
}
