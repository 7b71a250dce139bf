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

/** A token travels in a header or a subprotocol; what cannot is refused before it gets there. */
const TOKEN = /^[\w-]+$/;

/**
 * Throws `TypeError` or `RangeError` for options with which no client could work; the message never
 * holds the token.
 */
export function checkOptions({ token, agent, limiter, concurrency, slots }: ClientOptions): void {
  if (!TOKEN.test(token)) throw new TypeError("the token holds characters that no token has");
  if (agent === "") throw new TypeError("the agent needs a name");
  requireAtLeast(1, "concurrency", concurrency);
  requireAtLeast(1, "slots", slots);
  requireAtLeast(1, "limiter.burst", limiter?.burst);
  requireAtLeast(0, "limiter.perSecond", limiter?.perSecond);
}

function requireAtLeast(least: number, name: string, value: number | undefined): void {
  if (value === undefined || (Number.isFinite(value) && value >= least)) return;
  throw new RangeError(`${name} must be a number of at least ${least}`);
}

/** Handlers that run at a time where the options are silent. */
export const DEFAULT_CONCURRENCY = 4;
