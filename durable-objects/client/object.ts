import { DurableObject } from "cloudflare:workers";
import { CLOSE_CODES, type ClientId, fail, ok, type Poll, type Result } from "@sluice/protocol";
import { AlarmClock } from "../alarm-clock.ts";
import { errorName } from "../error-name.ts";
import { revokeClient, rotateClientToken, updateClient } from "./administration.ts";
import { type ConnectionFault, MAX_GREETINGS } from "./connection.ts";
import { EXPIRED, isExpired, REVOKED, refusalOf } from "./credential.ts";
import { Lines } from "./lines.ts";
import {
  type ClientPatch,
  type ClientRpc,
  type EncodedTasks,
  type Enrolment,
  type Refusal,
  type Removed,
  type RowListQuery,
  type TaskListQuery,
  TOKEN_HASH_HEADER,
  type TokenRotation,
} from "./rpc.ts";
import { NO_CLIENT, Session } from "./session.ts";
import { closeQuietly, refuseUpgrade, writeSocketState } from "./sockets.ts";
import { Storage } from "./storage.ts";
import { farewell, takePoll } from "./take-poll.ts";

/**
 * One client: its connection, its queue and its history. This class only receives the platform's events,
 * hands them to the client's {@link Session} with the time, one transaction each, and keeps the alarm.
 */
export class Client extends DurableObject implements ClientRpc {
  readonly #storage: Storage;
  readonly #lines: Lines;
  readonly #alarm: AlarmClock;
  #session: Session | null = null;

  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    super(ctx, env);
    this.#storage = new Storage(ctx.storage.sql);
    this.#lines = new Lines(ctx);
    this.#alarm = new AlarmClock(ctx.storage);
    if (!this.#storage.exists) return;
    this.#storage.migrate();
    this.#load();
    ctx.blockConcurrencyWhile(() => this.#alarm.load());
  }

  /** The socket: an upgrade that the front has screened; see TOKEN_HASH_HEADER. */
  override async fetch(request: Request): Promise<Response> {
    const now = Date.now();
    const refused = this.#refusalOf(request.headers.get(TOKEN_HASH_HEADER), now);
    if (refused !== null) return refuseUpgrade(refused.closeCode, refused.detail);
    if ((this.#session?.greetings().length ?? 0) >= MAX_GREETINGS) {
      return refuseUpgrade(CLOSE_CODES.tooMany, "too many connections");
    }
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server);
    writeSocketState(server, { kind: "greeting", since: now });
    this.#arm(now);
    return new Response(null, { status: 101, webSocket: client });
  }

  async poll(tokenHash: string, poll: Poll): Promise<string> {
    const refused = this.#refusalOf(tokenHash, Date.now());
    if (refused !== null) return farewell(refused);
    const taken = this.#event((session, now) => takePoll(session, this.#lines, poll, now));
    if (taken === undefined) return farewell(REVOKED);
    return taken.ok ? taken.value.next(poll.waitMs) : farewell(taken.error);
  }

  override webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): void {
    const taken = this.#event((session, now) => {
      const line = this.#lines.ofSocket(socket);
      const fault = session.hear(line, message, now);
      if (fault !== null) session.end(line, fault.closeCode, fault.detail, now);
      return true;
    });
    if (!taken) closeQuietly(socket, CLOSE_CODES.unauthenticated, "unknown client");
  }

  override webSocketClose(socket: WebSocket, code: number): void {
    this.#event((session, now) => session.end(this.#lines.ofSocket(socket), code, "", now));
  }

  override webSocketError(socket: WebSocket): void {
    this.#event((session, now) =>
      session.end(this.#lines.ofSocket(socket), CLOSE_CODES.comeBackLater, "", now),
    );
  }

  override async alarm(): Promise<void> {
    this.#alarm.fired();
    try {
      if (this.#isOver(Date.now())) return await this.#vanish();
      this.#event((session, now) => {
        session.endSilent(now);
        session.dispatch.tick(now, session.lastPingAt);
      });
    } catch (error) {
      console.error(JSON.stringify({ event: "client.alarm.failed", error: errorName(error) }));
      await this.#alarm.retry(Date.now());
    }
  }

  async enrol(enrolment: Enrolment): Promise<Result<{ clientId: ClientId }, Refusal>> {
    if (this.#storage.exists) return fail({ code: "conflict", detail: "enrolled already" });
    this.#storage.migrate();
    this.#storage.identity.save({
      ...enrolment,
      expiresAt: enrolment.expiresAtMs ?? null,
      oldToken: null,
      enrolledAt: Date.now(),
      revokedAt: null,
      deletedAt: null,
      paused: false,
    });
    this.#load();
    this.#arm(Date.now());
    return ok({ clientId: enrolment.client });
  }

  async schedule(tasks: EncodedTasks) {
    const answer = this.#answer(({ dispatch }, now) => dispatch.schedule(tasks, now));
    return answer.ok ? ok(JSON.stringify(answer.value)) : answer;
  }

  async getTask(task: string) {
    return this.#session?.dispatch.tasks.get(task, Date.now()) ?? fail(NO_CLIENT);
  }

  async listTasks(query: TaskListQuery) {
    return this.#session?.dispatch.tasks.list(query) ?? fail(NO_CLIENT);
  }

  async listRows(task: string, query: RowListQuery) {
    return this.#session?.dispatch.tasks.rows(task, query, Date.now()) ?? fail(NO_CLIENT);
  }

  async cancelTask(task: string) {
    return this.#answer(({ dispatch }, now) => dispatch.cancel(task, now));
  }

  async retryTask(task: string) {
    return this.#answer(({ dispatch }, now) => dispatch.retry(task, now));
  }

  async describe() {
    return this.#session?.view(Date.now()) ?? fail(NO_CLIENT);
  }

  async update(patch: ClientPatch) {
    return this.#answer((session, now) => updateClient(session, patch, now));
  }

  async rotateToken(rotation: TokenRotation): ReturnType<ClientRpc["rotateToken"]> {
    return this.#answer((session, now) => rotateClientToken(session, rotation, now));
  }

  async revoke() {
    return this.#answer(revokeClient);
  }

  async remove(): Promise<Result<Removed, Refusal>> {
    const revoked = await this.revoke();
    if (!revoked.ok || this.#session === null) return fail(NO_CLIENT);
    const { identity } = this.#session;
    if (identity.expiresAt !== null) {
      await this.#vanish();
      return ok({ hadPlace: false });
    }
    this.#storage.erase();
    this.#session.save({ ...identity, name: "", labels: [], facts: {}, deletedAt: Date.now() });
    this.#session = null;
    await this.#alarm.clear();
    return ok({ hadPlace: true });
  }

  /** What this object has cost since it was last started, for benchmarks and the cost page. */
  async usage(): Promise<{ rowsWritten: number; alarmsSet: number }> {
    return { rowsWritten: this.#storage.rowsWritten, alarmsSet: this.#alarm.timesSet };
  }

  #isOver(now: number): boolean {
    return this.#session !== null && isExpired(this.#session.identity, now);
  }

  /** Ends a client whose time is over. Not even a mark stays: nobody can make its id or its token again. */
  async #vanish(): Promise<void> {
    this.#session?.endAll(EXPIRED.closeCode, EXPIRED.detail, Date.now());
    this.#session = null;
    await this.#alarm.clear();
    await this.ctx.storage.deleteAll();
  }

  #load(): void {
    this.#session = Session.load(this.#lines, this.#storage);
  }

  #refusalOf(tokenHash: string | null, now: number): ConnectionFault | null {
    return refusalOf(this.#storage.exists ? this.#storage.identity.load() : null, tokenHash, now);
  }

  /**
   * Runs one event as one transaction and then sees to the line's memory and the alarm. If it fails
   * nothing of it is stored, and what is in memory, which may be ahead of the store by then, is built anew.
   * Undefined: there is no such client.
   */
  #event<Answer>(act: (session: Session, now: number) => Answer): Answer | undefined {
    const session = this.#session;
    if (session === null) return undefined;
    try {
      return this.ctx.storage.transactionSync(() => {
        const now = Date.now();
        const answer = act(session, now);
        session.remember(now);
        this.#arm(now);
        return answer;
      });
    } catch (error) {
      this.#load();
      throw error;
    }
  }

  /** Answers a call of the front, as one event. */
  #answer<Value>(
    act: (session: Session, now: number) => Result<Value, Refusal>,
  ): Result<Value, Refusal> {
    return this.#event(act) ?? fail(NO_CLIENT);
  }

  #arm(now: number): void {
    this.#alarm.arm(this.#session?.wakeAt() ?? null, now);
  }
}
