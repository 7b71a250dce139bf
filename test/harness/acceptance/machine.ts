import type {
  BatchFrame,
  Delivery,
  HelloFrame,
  TaskId,
  TaskSpec,
  TaskState,
  TaskView,
} from "@sluice/protocol";
import { afterAll, beforeAll, expect, vi } from "vitest";
import type { Enrolled } from "../operator.ts";
import { RawClient, type RawClientOptions } from "../raw-client.ts";
import { type Running, runSluice } from "../running.ts";

/** How long a state may take to come about; a promise that it comes at all, not one of speed. */
export const PATIENCE_MS = 60_000;
/** How long nothing must happen before it counts as not happening. */
const QUIET_MS = 400;

/** One service for all cases of a file. Whatever its runtime complains of fails the file. */
export function useSluice(): () => Running {
  let running: Running | undefined;
  beforeAll(async () => {
    running = await runSluice();
  });
  afterAll(async () => {
    await running?.service.stop();
    expect(running?.troubles).toEqual([]);
  });
  return () => {
    if (running === undefined) throw new Error("the service has not been started yet");
    return running;
  };
}

/** A machine with an identity, which connects and breaks off as a case demands. */
export class Machine {
  readonly clientId: string;
  readonly #running: Running;
  readonly #token: string;
  #nextReportSeq = () => 1;

  private constructor(running: Running, enrolled: Enrolled) {
    this.#running = running;
    this.clientId = enrolled.clientId;
    this.#token = enrolled.token;
  }

  static async enrol(running: Running): Promise<Machine> {
    return new Machine(running, await running.operator.enrol());
  }

  /** An identity that something else connects with. */
  static of(running: Running, enrolled: Enrolled): Machine {
    return new Machine(running, enrolled);
  }

  /** Connects, says hello and is welcomed; goes on with the numbers of its reports. */
  async connect(
    hello: Partial<HelloFrame> = {},
    options: Partial<RawClientOptions> = {},
  ): Promise<RawClient> {
    const { url } = this.#running.service;
    const socket = await RawClient.connect({ url, token: this.#token, ...options }, hello);
    socket.nextReportSeq = this.#nextReportSeq();
    this.#nextReportSeq = () => socket.nextReportSeq;
    return socket;
  }

  async schedule(...specs: readonly TaskSpec[]): Promise<TaskId[]> {
    const scheduled = await this.#running.operator.schedule(this.clientId, specs);
    return scheduled.map(({ id }) => id);
  }

  async scheduleOne(spec: TaskSpec): Promise<TaskId> {
    const [id] = await this.schedule(spec);
    if (id === undefined) throw new Error("no task was scheduled");
    return id;
  }

  task(id: TaskId): Promise<TaskView> {
    return this.#running.operator.task(this.clientId, id);
  }

  cancel(id: TaskId): Promise<TaskView> {
    return this.#running.operator.cancel(this.clientId, id);
  }

  async state(id: TaskId): Promise<TaskState> {
    return (await this.task(id)).state;
  }

  /** Waits until a task is in a state. */
  async reaches(id: TaskId, state: TaskState): Promise<TaskView> {
    await eventually(async () => expect(await this.state(id)).toBe(state));
    return this.task(id);
  }

  /** Drops the object from memory, as a sleeping one is; its sockets stay open. */
  evict(): Promise<void> {
    return this.#running.service.evict("Client", this.clientId);
  }
}

/** Tries until it no longer throws; when patience is over, what it threw last stands. */
export function eventually<Value>(
  attempt: () => Value | Promise<Value>,
  patienceMs = PATIENCE_MS,
): Promise<Value> {
  return vi.waitFor(attempt, { timeout: patienceMs, interval: 20 });
}

/** The deliveries of a batch, as a client names them that holds them. */
export function deliveriesOf(batch: BatchFrame): Delivery[] {
  return batch.tasks.map(({ id, attempt }) => ({ id, attempt }));
}

/** Whether no further batch comes for a while. */
export async function staysSilent(client: RawClient): Promise<boolean> {
  return client.next("batch", QUIET_MS).then(
    () => false,
    () => true,
  );
}
