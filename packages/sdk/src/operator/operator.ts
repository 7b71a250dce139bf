import type {
  ClientView,
  JsonObject,
  ResultRow,
  ScheduledTask,
  TaskSpec,
  TaskState,
  TaskSummary,
  TaskView,
} from "@sluice/protocol";
import { answerWith, pageWith } from "./answers.ts";
import { type Call, HttpCaller, type HttpOptions } from "./http.ts";
import { Paged } from "./paged.ts";
import { PartialScheduleError } from "./sluice-error.ts";
import { splitTasks } from "./split-tasks.ts";

/** How to make an operator's client; `key` is the account's API key. */
export type OperatorOptions = HttpOptions & { readonly key: string };

/** Options of every call. */
export interface CallOptions {
  readonly signal?: AbortSignal;
}

/** Options of calls that list. */
export interface ListOptions extends CallOptions {
  /** Items of one page; the service has a default and a bound. */
  readonly limit?: number;
}

/** What an operator may change of a client. */
export interface ClientChanges {
  readonly name?: string;
  readonly labels?: readonly string[];
  readonly paused?: boolean;
}

/** A token with which machines can enrol. It is shown once. */
export interface EnrolmentToken {
  readonly token: string;
  readonly id: string;
  /** ISO 8601. */
  readonly expiresAt: string;
}

/**
 * The API of one account. Every method throws `SluiceError` when the service refuses or cannot be
 * reached; calls that are safe to repeat are repeated first.
 */
export class Operator {
  readonly #http: HttpCaller;

  constructor(options: OperatorOptions) {
    this.#http = new HttpCaller(options);
  }

  /**
   * Schedules tasks for a client, in as many calls as they need, and answers for each in their order.
   * Tasks without an idempotency key get one, so that a call whose answer was lost can be repeated
   * and no task is scheduled twice. Throws {@link PartialScheduleError} when a later call failed.
   */
  async schedule(
    clientId: string,
    tasks: Iterable<TaskSpec>,
    { signal }: CallOptions = {},
  ): Promise<ScheduledTask[]> {
    const nonce = crypto.randomUUID();
    const keyOf = this.#http.retry.attempts > 1 ? (index: number) => `${nonce}.${index}` : null;
    const scheduled: ScheduledTask[] = [];
    for (const { body } of splitTasks(tasks, keyOf)) {
      try {
        scheduled.push(...(await this.#scheduleCall(clientId, body, keyOf !== null, signal)));
      } catch (cause) {
        throw scheduled.length === 0 ? cause : new PartialScheduleError(scheduled, cause);
      }
    }
    return scheduled;
  }

  /** The tasks of a client, oldest first; all, or those in one state. */
  tasks(
    clientId: string,
    { state, ...options }: ListOptions & { readonly state?: TaskState } = {},
  ): Paged<TaskSummary> {
    return this.#list(`${clientPath(clientId)}/tasks`, { state }, options);
  }

  /** One task, whole, with its timeline and what it waits for. */
  async task(clientId: string, taskId: string, options: CallOptions = {}): Promise<TaskView> {
    return taskOf(await this.#call("GET", taskPath(clientId, taskId), true, options));
  }

  /** The rows that a task reported. */
  rows(clientId: string, taskId: string, options: ListOptions = {}): Paged<ResultRow> {
    return this.#list(`${taskPath(clientId, taskId)}/rows`, {}, options);
  }

  /** Asks for a task to stop; answers it as it then stands. */
  async cancel(clientId: string, taskId: string, options: CallOptions = {}): Promise<TaskView> {
    return taskOf(await this.#call("POST", `${taskPath(clientId, taskId)}/cancel`, true, options));
  }

  /** Schedules a new task with the same work, whose parent is this one. Not repeated by itself. */
  async retry(clientId: string, taskId: string, options: CallOptions = {}): Promise<TaskView> {
    return taskOf(await this.#call("POST", `${taskPath(clientId, taskId)}/retry`, false, options));
  }

  /** One client. */
  async client(clientId: string, options: CallOptions = {}): Promise<ClientView> {
    return clientOf(await this.#call("GET", clientPath(clientId), true, options));
  }

  /** Clients of the account: with a label, matching a search, on or off line. */
  clients({
    label,
    q,
    online,
    ...options
  }: ListOptions & {
    readonly label?: string;
    readonly q?: string;
    readonly online?: boolean;
  } = {}): Paged<ClientView> {
    return this.#list("/v1/clients", { label, q, online }, options);
  }

  /** Changes a client's name, labels, or whether it is sent tasks. */
  async updateClient(
    clientId: string,
    changes: ClientChanges,
    options: CallOptions = {},
  ): Promise<ClientView> {
    return clientOf(await this.#call("PATCH", clientPath(clientId), true, options, changes));
  }

  /** Closes a client's connection and lets it never connect again; keeps what it reported. */
  async revoke(clientId: string, options: CallOptions = {}): Promise<ClientView> {
    return clientOf(await this.#call("POST", `${clientPath(clientId)}/revoke`, true, options));
  }

  /** Revokes a client and erases what is known of it. */
  async removeClient(clientId: string, options: CallOptions = {}): Promise<void> {
    await this.#call("DELETE", clientPath(clientId), true, options);
  }

  /** Makes a token with which machines can enrol until it expires. Not repeated by itself. */
  async createEnrolmentToken({
    expiresInSeconds,
    ...options
  }: CallOptions & { readonly expiresInSeconds?: number } = {}): Promise<EnrolmentToken> {
    const wanted = expiresInSeconds === undefined ? {} : { expiresInSeconds };
    const answer = await this.#call("POST", "/v1/enrolment-tokens", false, options, wanted);
    return answerWith<EnrolmentToken>(answer, "token", "expiresAt");
  }

  async #scheduleCall(
    clientId: string,
    body: string,
    repeatable: boolean,
    signal: AbortSignal | undefined,
  ): Promise<readonly ScheduledTask[]> {
    const path = `${clientPath(clientId)}/tasks`;
    const answer = await this.#http.call({ method: "POST", path, body, repeatable, signal });
    return answerWith<{ tasks: readonly ScheduledTask[] }>(answer, "tasks").tasks;
  }

  #call(
    method: Call["method"],
    path: string,
    repeatable: boolean,
    { signal }: CallOptions,
    body?: object,
  ): Promise<JsonObject> {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    return this.#http.call({ method, path, repeatable, signal, ...sent });
  }

  #list<Item>(
    path: string,
    filter: Readonly<Record<string, string | boolean | undefined>>,
    { limit, signal }: ListOptions,
  ): Paged<Item> {
    return new Paged(async (cursor) => {
      const query = queryOf({ ...filter, limit, cursor: cursor ?? undefined });
      const call = { method: "GET", path: path + query, repeatable: true, signal } as const;
      return pageWith<Item>(await this.#http.call(call));
    });
  }
}

/** Makes a client of the operator API. Throws `TypeError` for an address that is none. */
export function createOperator(options: OperatorOptions): Operator {
  return new Operator(options);
}

function clientPath(clientId: string): string {
  return `/v1/clients/${encodeURIComponent(clientId)}`;
}

function taskPath(clientId: string, taskId: string): string {
  return `${clientPath(clientId)}/tasks/${encodeURIComponent(taskId)}`;
}

function queryOf(
  parameters: Readonly<Record<string, string | number | boolean | undefined>>,
): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) query.set(name, String(value));
  }
  return query.size === 0 ? "" : `?${query}`;
}

function taskOf(answer: JsonObject): TaskView {
  return answerWith<TaskView>(answer, "id", "state", "timeline");
}

function clientOf(answer: JsonObject): ClientView {
  return answerWith<ClientView>(answer, "id", "online", "queue");
}
