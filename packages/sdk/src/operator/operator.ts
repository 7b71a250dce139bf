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
import { answerWith } from "./answers.ts";
import { EnrolmentTokens, Keys, type RotateOptions, Sites } from "./collections.ts";
import { type Call, HttpCaller, type HttpOptions } from "./http.ts";
import type { Paged } from "./paged.ts";
import type { AuditEntry, IssuedClientToken, IssuedToken } from "./registry-views.ts";
import { type CallOptions, callJson, type ListOptions, listOf } from "./service-calls.ts";
import { PartialScheduleError } from "./sluice-error.ts";
import { splitTasks } from "./split-tasks.ts";

/** How to make an operator's client; `key` is the account's API key. */
export type OperatorOptions = HttpOptions & { readonly key: string };

/** What an operator may change of a client. */
export interface ClientChanges {
  readonly name?: string;
  readonly labels?: readonly string[];
  readonly paused?: boolean;
}

/**
 * The API of one account. Every method throws `SluiceError` when the service refuses or cannot be
 * reached; calls that are safe to repeat are repeated first.
 */
export class Operator {
  readonly keys: Keys;
  readonly sites: Sites;
  readonly enrolmentTokens: EnrolmentTokens;
  readonly #http: HttpCaller;

  constructor(options: OperatorOptions) {
    this.#http = new HttpCaller(options);
    this.keys = new Keys(this.#http, "/v1/keys");
    this.sites = new Sites(this.#http, "/v1/sites");
    this.enrolmentTokens = new EnrolmentTokens(this.#http, "/v1/enrolment-tokens");
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

  /** The tasks of a client, newest first; all, or those in one state. */
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

  /** A new token for a client; the old one opens on, for a day if not said otherwise. */
  async rotate(
    clientId: string,
    { overlapSeconds, ...options }: RotateOptions = {},
  ): Promise<IssuedClientToken> {
    const body = overlapSeconds === undefined ? {} : { overlapSeconds };
    const path = `${clientPath(clientId)}/rotate`;
    const answer = await this.#call("POST", path, false, options, body);
    return answerWith<IssuedClientToken>(answer, "clientId", "token");
  }

  /** Who changed what in the account, newest first. */
  audit(options: ListOptions = {}): Paged<AuditEntry> {
    return this.#list("/v1/audit", {}, options);
  }

  /** Makes a token with which machines can enrol until it expires. Not repeated by itself. */
  createEnrolmentToken({
    expiresInSeconds,
    ...options
  }: CallOptions & { readonly expiresInSeconds?: number } = {}): Promise<IssuedToken> {
    const wanted = expiresInSeconds === undefined ? {} : { expiresInSeconds };
    return this.enrolmentTokens.create(wanted, options);
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
    options: CallOptions,
    body?: object,
  ): Promise<JsonObject> {
    const asking = { method, path, repeatable, ...(body !== undefined && { body }) };
    return callJson(this.#http, asking, options);
  }

  #list<Item>(
    path: string,
    filter: Readonly<Record<string, string | boolean | undefined>>,
    options: ListOptions,
  ): Paged<Item> {
    return listOf(this.#http, path, filter, options);
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

function taskOf(answer: JsonObject): TaskView {
  return answerWith<TaskView>(answer, "id", "state", "timeline");
}

function clientOf(answer: JsonObject): ClientView {
  return answerWith<ClientView>(answer, "id", "online", "queue");
}
