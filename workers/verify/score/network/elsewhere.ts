/** Where WebAssembly cannot be imported as a module, as in Node. */
export { plainForward as forwardOf } from "./forward.ts";
