import type { ClientId, TaskId } from "./ids.ts";
import type { JsonObject, JsonValue } from "./json.ts";

/**
 * What a client can take at the moment it says so. `tokens` are the batch frames its own limiter
 * would let in now, refilled by `perSecond` up to `burst`; `slots` are the tasks it could accept now.
 */
export interface Capacity {
  readonly burst: number;
  readonly perSecond: number;
  readonly tokens: number;
  readonly slots: number;
}

/** Capacity of a client that says nothing of a rate: no limit, and this many slots. */
export const DEFAULT_SLOTS = 16;

/** One delivery of one task: acks and reports name both. */
export interface Delivery {
  readonly id: TaskId;
  readonly attempt: number;
}

/** What a machine says of itself. */
export interface ClientFacts {
  readonly os?: string;
  readonly arch?: string;
  readonly hostname?: string;
}

/** First frame of a connection, client to server. */
export interface HelloFrame {
  readonly type: "hello";
  readonly agent: string;
  readonly capacity?: Capacity;
  /** The last epoch and the last batch of it that was acknowledged. */
  readonly resume?: { readonly epoch: number; readonly seq: number };
  /** Deliveries that the client holds and has not finished. */
  readonly running?: readonly Delivery[];
  readonly facts?: ClientFacts;
}

/** Acknowledges every batch of this epoch up to `seq`: the tasks are persisted by the client. */
export interface AckFrame {
  readonly type: "ack";
  readonly epoch: number;
  readonly seq: number;
  readonly capacity?: Capacity;
}

/** Why a task failed, as its handler says it. */
export interface TaskError {
  readonly code: string;
  readonly message: string;
}

/** One thing that happened to one delivery. */
export type ReportItem = Delivery &
  (
    | { readonly event: "started" }
    | { readonly event: "progress"; readonly done: number; readonly note?: string }
    | { readonly event: "rows"; readonly part: number; readonly rows: readonly JsonValue[] }
    | { readonly event: "succeeded" }
    | { readonly event: "failed"; readonly error: TaskError }
    | { readonly event: "cancelled" }
  );

/** Results and progress, batched; `seq` grows over the client's whole life. */
export interface ReportFrame {
  readonly type: "report";
  readonly epoch: number;
  readonly seq: number;
  readonly items: readonly ReportItem[];
  readonly capacity?: Capacity;
}

export type ClientFrame = HelloFrame | AckFrame | ReportFrame;

/** Answer to `hello`: the epoch that fences this connection. */
export interface WelcomeFrame {
  readonly type: "welcome";
  readonly epoch: number;
  readonly clientId: ClientId;
  readonly heartbeatMs: number;
  readonly serverTime: string;
}

/** A task as it is delivered. */
export interface DeliveredTask extends Delivery {
  readonly kind: string;
  readonly args: JsonObject;
  readonly priority: number;
  /** How long the handler may run. */
  readonly timeoutMs: number;
  /** ISO 8601; after it the task must not be started. */
  readonly deadline: string;
  /** Named where it is not the usual `at_least_once`: once begun, the task must not begin again. */
  readonly delivery?: "at_most_once";
}

/** The tasks of one frame. */
export interface BatchFrame {
  readonly type: "batch";
  readonly epoch: number;
  readonly seq: number;
  readonly tasks: readonly DeliveredTask[];
}

/** The report with this `seq` is stored and need not be sent again. */
export interface ReportedFrame {
  readonly type: "reported";
  readonly seq: number;
}

/** Stop these tasks and report them `cancelled`. */
export interface CancelFrame {
  readonly type: "cancel";
  readonly ids: readonly TaskId[];
}

/** Said before the server closes. */
export interface ByeFrame {
  readonly type: "bye";
  readonly code: number;
  readonly reason: string;
  readonly retryAfterMs: number;
}

export type ServerFrame = WelcomeFrame | BatchFrame | ReportedFrame | CancelFrame | ByeFrame;
