import type { TaskError } from "./frames.ts";
import type { TaskId } from "./ids.ts";
import type { JsonObject, JsonValue } from "./json.ts";

/** Where a task stands. The last six are final. */
export const TASK_STATES = [
  "queued",
  "leased",
  "accepted",
  "running",
  "succeeded",
  "failed",
  "cancelled",
  "expired",
  "dead",
  "unknown",
] as const;
export type TaskState = (typeof TASK_STATES)[number];

export const TERMINAL_STATES = [
  "succeeded",
  "failed",
  "cancelled",
  "expired",
  "dead",
  "unknown",
] as const satisfies readonly TaskState[];

const TERMINAL: ReadonlySet<TaskState> = new Set(TERMINAL_STATES);

/** Whether a state is final. */
export function isTerminal(state: TaskState): boolean {
  return TERMINAL.has(state);
}

/** `at_most_once` tasks whose fate is unknown end as `unknown` and are never run again. */
export type DeliveryMode = "at_least_once" | "at_most_once";

/** Why a task has not left yet. */
export type WaitingFor = "rate" | "slots" | "offline" | "paused" | "linger" | "priority";

/** One task of a schedule call, as an operator writes it. */
export interface TaskSpec {
  readonly kind: string;
  readonly args?: JsonObject;
  /** 0 to 9, 9 is urgent. */
  readonly priority?: number;
  readonly ttlSeconds?: number;
  readonly timeoutSeconds?: number;
  readonly idempotencyKey?: string;
  readonly delivery?: DeliveryMode;
  readonly maxAttempts?: number;
  readonly fairnessKey?: string;
}

/** Answer for one task of a schedule call. */
export interface ScheduledTask {
  readonly id: TaskId;
  readonly state: TaskState;
  /** True when the idempotency key named a task that exists already. */
  readonly duplicate: boolean;
}

/** A task in a list. */
export interface TaskSummary {
  readonly id: TaskId;
  readonly kind: string;
  readonly state: TaskState;
  readonly attempt: number;
  readonly priority: number;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly endedAt: string | null;
}

/** One line of a task's history. */
export interface TimelineEntry {
  /** ISO 8601. */
  readonly at: string;
  readonly event:
    | "queued"
    | "sent"
    | "accepted"
    | "started"
    | "progress"
    | "requeued"
    | "cancel_requested"
    | "succeeded"
    | "failed"
    | "cancelled"
    | "expired"
    | "dead"
    | "unknown";
  readonly attempt?: number;
  readonly epoch?: number;
  /** Sequence number of the batch frame. */
  readonly seq?: number;
  /** A word on the cause: why it was requeued, how it failed. */
  readonly note?: string;
}

/** A task, whole. */
export interface TaskView extends TaskSummary {
  readonly args: JsonObject;
  readonly delivery: DeliveryMode;
  readonly maxAttempts: number;
  readonly timeoutSeconds: number;
  readonly deadline: string;
  readonly idempotencyKey: string | null;
  readonly fairnessKey: string | null;
  /** The task that this one runs again. */
  readonly parent: TaskId | null;
  readonly error: TaskError | null;
  readonly progress: { readonly done: number; readonly note: string | null } | null;
  readonly waitingFor: WaitingFor | null;
  readonly timeline: readonly TimelineEntry[];
}

/** One row of a task's results. */
export interface ResultRow {
  readonly part: number;
  readonly index: number;
  readonly row: JsonValue;
}

/** A page of a list; `cursor` is null at the end. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly cursor: string | null;
}

/** A client as its operator sees it. */
export interface ClientView {
  readonly id: string;
  readonly name: string;
  readonly labels: readonly string[];
  readonly facts: JsonObject;
  readonly agent: string | null;
  readonly online: boolean;
  readonly paused: boolean;
  readonly revoked: boolean;
  readonly epoch: number;
  readonly enrolledAt: string;
  /** When a client that was enrolled for a while ends, tasks and results included; null for one that stays. */
  readonly expiresAt: string | null;
  readonly connectedAt: string | null;
  readonly lastSeenAt: string | null;
  readonly queue: {
    readonly queued: number;
    readonly inFlight: number;
    readonly bytes: number;
    readonly oldestAt: string | null;
  };
  readonly capacity: { readonly tokens: number | null; readonly slots: number } | null;
  /** Two machines seem to hold this identity; ISO 8601 of the last sign of it. */
  readonly cloneSuspectedAt: string | null;
}
