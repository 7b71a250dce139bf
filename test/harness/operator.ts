import type {
  ClientView,
  Page,
  ResultRow,
  ScheduledTask,
  TaskSpec,
  TaskState,
  TaskSummary,
  TaskView,
} from "@sluice/protocol";

export interface Enrolled {
  readonly clientId: string;
  readonly token: string;
}

/** The answer was not what the call is for; `body` is the problem document. */
export class UnexpectedAnswer extends Error {
  readonly status: number;
  readonly body: string;
  constructor(call: string, status: number, body: string) {
    super(`${call} answered ${status}: ${body.slice(0, 500)}`);
    this.status = status;
    this.body = body;
  }
}

/** An operator who calls the HTTP interface with plain `fetch`. */
export class Operator {
  readonly #url: string;
  readonly #key: string;

  constructor(url: string, key: string) {
    this.#url = url;
    this.#key = key;
  }

  /** Makes an enrolment token and enrols a new client with it. */
  async enrol(name = "machine", labels: readonly string[] = []): Promise<Enrolled> {
    const { token } = await this.#call<{ token: string }>("POST", "/v1/enrolment-tokens", {});
    return this.#call("POST", "/v1/enrol", { token, name, labels, facts: { os: "linux" } });
  }

  async schedule(client: string, tasks: readonly TaskSpec[]): Promise<readonly ScheduledTask[]> {
    const path = `/v1/clients/${client}/tasks`;
    const answer = await this.#call<{ tasks: ScheduledTask[] }>("POST", path, { tasks });
    return answer.tasks;
  }

  task(client: string, task: string): Promise<TaskView> {
    return this.#call("GET", `/v1/clients/${client}/tasks/${task}`);
  }

  cancel(client: string, task: string): Promise<TaskView> {
    return this.#call("POST", `/v1/clients/${client}/tasks/${task}/cancel`);
  }

  retry(client: string, task: string): Promise<TaskView> {
    return this.#call("POST", `/v1/clients/${client}/tasks/${task}/retry`);
  }

  client(client: string): Promise<ClientView> {
    return this.#call("GET", `/v1/clients/${client}`);
  }

  revoke(client: string): Promise<ClientView> {
    return this.#call("POST", `/v1/clients/${client}/revoke`);
  }

  /** Every task of a client, page by page. */
  tasks(client: string, state?: TaskState): Promise<TaskSummary[]> {
    return this.#all(`/v1/clients/${client}/tasks?limit=1000${state ? `&state=${state}` : ""}`);
  }

  /** Every row of a task, page by page. */
  rows(client: string, task: string): Promise<ResultRow[]> {
    return this.#all(`/v1/clients/${client}/tasks/${task}/rows?limit=1000`);
  }

  async #all<Item>(path: string): Promise<Item[]> {
    const items: Item[] = [];
    let cursor: string | null = null;
    do {
      const from: string = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
      const page: Page<Item> = await this.#call("GET", path + from);
      items.push(...page.items);
      cursor = page.cursor;
    } while (cursor !== null);
    return items;
  }

  async #call<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(this.#url + path, {
      method,
      headers: { authorization: `Bearer ${this.#key}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new UnexpectedAnswer(`${method} ${path}`, response.status, text);
    return JSON.parse(text);
  }
}
