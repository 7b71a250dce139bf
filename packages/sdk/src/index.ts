import { SluiceClient } from "./client/client.ts";
import type { ClientOptions } from "./client/client-options.ts";
import { memoryJournal } from "./journal/memory-journal.ts";
import { webSocketTransport } from "./transport/web-socket.ts";

export { SluiceClient } from "./client/client.ts";
export type { ClientEvent, EndReason } from "./client/client-events.ts";
export type { ClientOptions } from "./client/client-options.ts";
export type { ClientStats } from "./client/client-stats.ts";
export { FAILURE_CODES } from "./client/failure.ts";
export { RowError } from "./client/row-part.ts";
export { type TaskContext, TaskFailure, type TaskHandler } from "./client/task-context.ts";
export type { Limiter } from "./client/token-bucket.ts";
export { type Clock, DEFAULT_TUNING, type Tuning } from "./client/tuning.ts";
export { indexedDbJournal } from "./journal/indexed-db-journal.ts";
export { type Journal, JournalLockedError, type OpenedJournal } from "./journal/journal.ts";
export { memoryJournal } from "./journal/memory-journal.ts";
export type { JournalRecord } from "./journal/record.ts";
export { type PollOptions, pollTransport } from "./transport/poll.ts";
export { pollWhereBlocked } from "./transport/poll-where-blocked.ts";
export type { ClientSocket, SocketListener, Transport } from "./transport/transport.ts";
export { webSocketTransport } from "./transport/web-socket.ts";

/** Options of {@link createClient}; the journal is kept in memory unless another is given. */
export type CreateClientOptions = Omit<ClientOptions, "journal" | "transport"> &
  Partial<Pick<ClientOptions, "journal" | "transport">>;

/** Makes a client that connects with the platform's own `WebSocket`. */
export function createClient(options: CreateClientOptions): SluiceClient {
  return new SluiceClient({
    journal: memoryJournal(),
    transport: webSocketTransport,
    ...options,
  });
}
