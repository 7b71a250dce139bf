import type { SluiceClient } from "./client/client.ts";
import { type CreateClientOptions, createClient as createPortableClient } from "./index.ts";
import { nodeTransport } from "./transport/node-socket.ts";

export * from "./index.ts";
export { fileJournal } from "./journal/file-journal.ts";
export { nodeTransport } from "./transport/node-socket.ts";

/** Makes a client for Node, whose token travels in a header and which obeys `Retry-After`. */
export function createClient(options: CreateClientOptions): SluiceClient {
  return createPortableClient({ transport: nodeTransport, ...options });
}
