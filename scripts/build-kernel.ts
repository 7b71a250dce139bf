import { writeFile } from "node:fs/promises";
import { assembleKernel, KERNEL_FILE } from "./assemble-kernel.ts";

const bytes = await assembleKernel();
await writeFile(KERNEL_FILE, bytes);
console.log(`kernel.wasm: ${bytes.length} bytes`);
