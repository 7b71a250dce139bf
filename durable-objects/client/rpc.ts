import type {
  AccountId,
  ClientFacts,
  ClientId,
  ClientView,
  Page,
  Poll,
  ProblemCode,
  Result,
  ResultRow,
  TaskState,
  TaskSummary,
  TaskView,
} from "@sluice/protocol";

/** Why a call was refused; the front turns it into a problem answer. */
export interface Refusal {
  readonly code: ProblemCode;
  readonly detail: string;
  readonly retryAfterSeconds?: number;
}

/** Everything of a task but what it is: equal for most tasks of a call, so it is sent once. */
export interface TaskOptions {
  readonly priority: number;
  readonly ttlSeconds: number;
  readonly timeoutSeconds: number;
  readonly maxAttempts: number;
  readonly atMostOnce: boolean;
  readonly fairnessKey: string | null;
}

/**
 * The tasks of one schedule call in the form they are stored in: a call of 10,000 tasks crosses the
 * boundary as a few values, not as 10,000 objects.
 */
export interface EncodedTasks {
  readonly count: number;
  /** One line a task, joined by `\n`: `"kind":"…","args":{…}`, JSON without its braces. */
  readonly lines: string;
  /** The distinct option sets. */
  readonly options: readonly TaskOptions[];
  /** Per task its index in `options`; null when all tasks have `options[0]`. */
  readonly optionOf: Uint16Array | null;
  /** Per task its idempotency key; null when no task has one. */
  readonly idempotencyKeys: readonly (string | null)[] | null;
}

/** What enrolment stores. Only the hash of the token's secret ever reaches the object. */
export interface Enrolment {
  readonly account: AccountId;
  readonly client: ClientId;
  readonly name: string;
  readonly labels: readonly string[];
  readonly facts: ClientFacts;
  /** SHA-256 of the token, hex. */
  readonly tokenHash: string;
  /** From when the client is no more, ms: it ends its connection and erases itself. Left out: never. */
  readonly expiresAtMs?: number;
}

/** A client that is gone, by its operator's call. */
export interface Removed {
  /** Whether it was one of those that its account's limit counts. */
  readonly hadPlace: boolean;
}

/** A new token in place of a client's. */
export interface TokenRotation {
  /** SHA-256 of the new token, hex. */
  readonly tokenHash: string;
  /** How long the token that is replaced goes on opening; 0 ends it, and the connection, at once. */
  readonly overlapSeconds: number;
}

/** What an operator may change. */
export interface ClientPatch {
  readonly name?: string;
  readonly labels?: readonly string[];
  readonly paused?: boolean;
}

export interface TaskListQuery {
  readonly state: TaskState | null;
  readonly cursor: string | null;
  readonly limit: number;
}

export interface RowListQuery {
  readonly cursor: string | null;
  readonly limit: number;
}

type Answer<Value> = Promise<Result<Value, Refusal>>;

/**
 * What the front may ask of a client's object. The socket itself arrives by `fetch`: an upgrade
 * request with the header `sluice-token-hash`, screened and authenticated on arithmetic by the front.
 * A client that was never enrolled answers `not_found` to everything and stores nothing.
 */
export interface ClientRpc {
  /**
   * One poll of a client without a WebSocket, by the SHA-256 (hex) of its token. Answers with the JSON
   * text of a `PollAnswer` after at most `waitMs`; whatever is wrong stands in it as a `bye` frame.
   */
  poll(tokenHash: string, poll: Poll): Promise<string>;
  enrol(enrolment: Enrolment): Answer<{ readonly clientId: ClientId }>;
  /** Answers with the JSON text of `ScheduledTask[]`: thousands of objects would cost more than the work. */
  schedule(tasks: EncodedTasks): Answer<string>;
  listTasks(query: TaskListQuery): Answer<Page<TaskSummary>>;
  getTask(task: string): Answer<TaskView>;
  listRows(task: string, query: RowListQuery): Answer<Page<ResultRow>>;
  cancelTask(task: string): Answer<TaskView>;
  /** Enqueues a new task with the same work that names this one as its parent. */
  retryTask(task: string): Answer<TaskView>;
  describe(): Answer<ClientView>;
  update(patch: ClientPatch): Answer<ClientView>;
  /** Puts a new token in place of the old one. A client that is revoked gets none. */
  rotateToken(rotation: TokenRotation): Answer<{ readonly oldTokenUntil: string | null }>;
  revoke(): Answer<ClientView>;
  /** Revokes, closes the socket and erases everything but the mark that the client was deleted. */
  /** Null is the answer of an object that still runs the version before {@link Removed}. */
  remove(): Answer<Removed | null>;
}

/** Header by which the front hands the SHA-256 (hex) of a connecting client's token to the object. */
export const TOKEN_HASH_HEADER = "sluice-token-hash";
