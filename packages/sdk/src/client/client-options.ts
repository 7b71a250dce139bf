import type { ClientFacts } from "@sluice/protocol";
import type { Journal } from "../journal/journal.ts";
import type { Transport } from "../transport/transport.ts";
import type { ClientEvent } from "./client-events.ts";
import type { Limiter } from "./token-bucket.ts";
import type { Clock, Tuning } from "./tuning.ts";

/** How to make a client; `transport` and `journal` have defaults in the entries for a platform. */
export interface ClientOptions {
  /** Base address of the service, `https://…`. */
  readonly url: string;
  /** The client token that enrolment gave. */
  readonly token: string;
  /** What this program is, `name/version`. */
  readonly agent: string;
  readonly journal: Journal;
  readonly transport: Transport;
  /** The client's own limit on batch frames; null, the default, for none. */
  readonly limiter?: Limiter | null;
  /** Handlers that run at a time; urgent tasks have one more. */
  readonly concurrency?: number;
  /** Tasks that may be accepted and unfinished. */
  readonly slots?: number;
  readonly facts?: ClientFacts;
  readonly onEvent?: (event: ClientEvent) => void;
  readonly tuning?: Partial<Tuning>;
  readonly clock?: Clock;
}

/** Handlers that run at a time where the options are silent. */
export const DEFAULT_CONCURRENCY = 4;
