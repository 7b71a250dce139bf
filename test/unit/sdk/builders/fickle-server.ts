import { createHash } from "node:crypto";
import type { DeliveredTask, ReportItem, TaskId } from "@sluice/protocol";
import { taskId } from "./tasks.ts";
import { type ServerConnection, until, type WireServer } from "./wire-server.ts";

/** Chances, 0 to 1, of what a fickle server does at each turn. */
export interface Fickleness {
  readonly dropsConnection: number;
  readonly forgetsAnswer: number;
  readonly sendsAgain: number;
  readonly raisesAttempt: number;
}

/** Random numbers in [0, 1) that are the same for the same seed. */
export function seededRandom(seed: number): () => number {
  let draws = 0;
  return () => {
    const digest = createHash("sha256").update(`${seed}:${draws++}`).digest();
    return digest.readUInt32BE(0) / 2 ** 32;
  };
}

/**
 * A server that keeps its promise, at least once, in the worst of manners: it drops connections, forgets
 * to answer reports, and sends tasks again that it was told of, under higher attempts too. It stores every
 * report once, by its number, as the real one does.
 */
export class FickleServer {
  readonly stored = new Map<number, readonly ReportItem[]>();
  readonly #server: WireServer;
  readonly #random: () => number;
  readonly #fickleness: Fickleness;
  readonly #attempts = new Map<TaskId, number>();
  readonly #batches = new Map<number, readonly DeliveredTask[]>();
  #seq = 0;

  constructor(server: WireServer, random: () => number, fickleness: Fickleness) {
    this.#server = server;
    this.#random = random;
    this.#fickleness = fickleness;
    server.manners.answersReports = false;
  }

  /** Items of all stored reports, in the order of their numbers. */
  get items(): ReportItem[] {
    return [...this.stored.entries()]
      .sort(([one], [other]) => one - other)
      .flatMap(([, items]) => items);
  }

  get ended(): Set<TaskId> {
    const ends = this.items.filter(({ event }) => event === "succeeded" || event === "failed");
    return new Set(ends.map(({ id }) => id));
  }

  /** Items of tasks that the client had acknowledged under a higher attempt when it sent them. */
  toldUnderOldAttempts(): ReportItem[] {
    const acknowledged = new Map<TaskId, number>();
    const old: ReportItem[] = [];
    for (const frame of this.#server.connections.flatMap(({ frames }) => frames)) {
      if (frame.type === "report") {
        old.push(...frame.items.filter((item) => item.attempt < (acknowledged.get(item.id) ?? 0)));
      }
      for (const { id, attempt } of frame.type === "ack"
        ? (this.#batches.get(frame.seq) ?? [])
        : []) {
        acknowledged.set(id, Math.max(attempt, acknowledged.get(id) ?? 0));
      }
    }
    return old;
  }

  /** Delivers tasks until all of them are stored as ended. */
  async deliverAll(tasks: readonly DeliveredTask[]): Promise<void> {
    for (const task of tasks) this.#attempts.set(task.id, task.attempt);
    while (this.ended.size < tasks.length) {
      const connection = await this.#anOpenConnection();
      this.#sendSome(
        connection,
        tasks.filter(({ id }) => !this.ended.has(id)),
      );
      await new Promise((resolve) => setTimeout(resolve, 3));
      this.#storeReports(connection);
      if (this.#happens("dropsConnection")) connection.socket.terminate();
    }
  }

  async #anOpenConnection(): Promise<ServerConnection> {
    await until(() => {
      const last = this.#server.connections.at(-1);
      return last !== undefined && !last.closed && last.hello !== undefined;
    }, "a connection");
    return this.#server.connection;
  }

  /** Sends tasks that were never sent, and some that were. */
  #sendSome(connection: ServerConnection, unfinished: readonly DeliveredTask[]): void {
    const acknowledged = connection.acks.length > 0;
    const chosen = unfinished
      .filter(() => !acknowledged || this.#happens("sendsAgain"))
      .slice(0, 20);
    if (chosen.length === 0) return;
    const batch = chosen.map((task) => ({ ...task, attempt: this.#attemptOf(task.id) }));
    this.#batches.set(++this.#seq, batch);
    connection.batch(this.#seq, batch);
  }

  #attemptOf(id: TaskId): number {
    const attempt = (this.#attempts.get(id) ?? 1) + (this.#happens("raisesAttempt") ? 1 : 0);
    this.#attempts.set(id, attempt);
    return attempt;
  }

  #storeReports(connection: ServerConnection): void {
    for (const { seq, items } of connection.reports) {
      if (!this.stored.has(seq)) this.stored.set(seq, items);
      if (!this.#happens("forgetsAnswer")) connection.send({ type: "reported", seq });
    }
  }

  #happens(chance: keyof Fickleness): boolean {
    return this.#random() < this.#fickleness[chance];
  }
}

/** Ids of `count` tasks as the builders name them. */
export function idsOf(count: number): TaskId[] {
  return Array.from({ length: count }, (_, name) => taskId(name));
}
