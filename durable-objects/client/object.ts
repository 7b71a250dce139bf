import { DurableObject } from "cloudflare:workers";
import {
  CLOSE_CODES,
  type ClientId,
  type ClientView,
  fail,
  type HelloFrame,
  ok,
  PING,
  PONG,
  parseClientFrame,
  type Result,
} from "@sluice/protocol";
import { nearest, rearm } from "./alarm.ts";
import { viewClient } from "./client-view.ts";
import { HELLO_TIMEOUT_MS, isAlive, MAX_GREETINGS } from "./connection.ts";
import { isOpenedBy, rotateToken } from "./credential.ts";
import { type ConnectionFault, Dispatch } from "./dispatch.ts";
import { linkAfterHello } from "./link.ts";
import {
  type ClientPatch,
  type ClientRpc,
  type EncodedTasks,
  type Enrolment,
  type Refusal,
  type RowListQuery,
  type TaskListQuery,
  TOKEN_HASH_HEADER,
  type TokenRotation,
} from "./rpc.ts";
import {
  closeQuietly,
  readSocketState,
  refuseUpgrade,
  sendQuietly,
  writeSocketState,
} from "./sockets.ts";
import { type Identity, type LinkRow, NEW_LINK, Storage } from "./storage.ts";

/** After an alarm that failed, the next try. The platform's own retries end after six. */
const ALARM_RETRY_MS = 5_000;

const BINARY_FRAME = { closeCode: CLOSE_CODES.protocol, detail: "frames are text" };
const NO_HELLO = { closeCode: CLOSE_CODES.protocol, detail: "the first frame must be hello" };
const SUPERSEDED = { closeCode: CLOSE_CODES.superseded, detail: "superseded" };
const UNKNOWN_CLIENT = { closeCode: CLOSE_CODES.unauthenticated, detail: "unknown client" };

const NOT_FOUND: Refusal = { code: "not_found", detail: "no such client" };
const REVOKED: Refusal = { code: "conflict", detail: "the client is revoked; enrol it anew" };

/**
 * One client: its socket, its queue and its history. This class only receives the platform's events,
 * hands them to {@link Dispatch} with the time, and keeps sockets and the alarm.
 */
export class Client extends DurableObject implements ClientRpc {
  readonly #storage: Storage;
  #identity: Identity | null = null;
  #link: LinkRow = NEW_LINK;
  #dispatch: Dispatch | null = null;
  #socket: WebSocket | null = null;
  #armedAt: number | null = null;
  #alarmsSet = 0;

  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    super(ctx, env);
    this.#storage = new Storage(ctx.storage.sql);
    if (!this.#storage.exists) return;
    this.#storage.migrate();
    this.#load();
    ctx.blockConcurrencyWhile(async () => {
      this.#armedAt = await ctx.storage.getAlarm();
    });
  }

  /** The socket: an upgrade that the front has screened; see TOKEN_HASH_HEADER. */
  override async fetch(request: Request): Promise<Response> {
    const identity = this.#identity;
    const hash = request.headers.get(TOKEN_HASH_HEADER);
    if (identity === null || hash === null || !isOpenedBy(identity, hash, Date.now())) {
      return refuseUpgrade(CLOSE_CODES.unauthenticated, "unknown token");
    }
    if (identity.revokedAt !== null) return refuseUpgrade(CLOSE_CODES.revoked, "revoked");
    if (this.#greetings().length >= MAX_GREETINGS) {
      return refuseUpgrade(CLOSE_CODES.tooMany, "too many connections");
    }
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server);
    writeSocketState(server, { kind: "greeting", since: Date.now() });
    this.#arm(Date.now());
    return new Response(null, { status: 101, webSocket: client });
  }

  override webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): void {
    this.#event((now) => {
      const fault = this.#receive(socket, message, now);
      if (fault === null) this.#settle(now);
      else this.#end(socket, fault.closeCode, fault.detail, now);
    });
  }

  override webSocketClose(socket: WebSocket, code: number): void {
    this.#event((now) => this.#end(socket, code, "", now));
  }

  override webSocketError(socket: WebSocket): void {
    this.#event((now) => this.#end(socket, CLOSE_CODES.comeBackLater, "", now));
  }

  override async alarm(): Promise<void> {
    this.#armedAt = null;
    try {
      this.#event((now) => {
        this.#endSilent(now);
        this.#dispatch?.tick(now, this.#lastPingAt());
        this.#settle(now);
      });
    } catch (error) {
      console.error(JSON.stringify({ event: "client.alarm.failed", error: errorName(error) }));
      await this.ctx.storage.setAlarm(Date.now() + ALARM_RETRY_MS);
    }
  }

  async enrol(enrolment: Enrolment): Promise<Result<{ clientId: ClientId }, Refusal>> {
    if (this.#identity !== null) return fail({ code: "conflict", detail: "enrolled already" });
    this.#storage.migrate();
    this.#storage.saveIdentity({
      ...enrolment,
      oldToken: null,
      enrolledAt: Date.now(),
      revokedAt: null,
      deletedAt: null,
      paused: false,
    });
    this.#load();
    return ok({ clientId: enrolment.client });
  }

  async schedule(tasks: EncodedTasks) {
    const answer = this.#change((dispatch, now) => dispatch.schedule(tasks, now));
    return answer.ok ? ok(JSON.stringify(answer.value)) : answer;
  }

  async getTask(task: string) {
    return this.#enrolled().dispatch?.getTask(task, Date.now()) ?? fail(NOT_FOUND);
  }

  async listTasks(query: TaskListQuery) {
    return this.#enrolled().dispatch?.listTasks(query) ?? fail(NOT_FOUND);
  }

  async listRows(task: string, query: RowListQuery) {
    return this.#enrolled().dispatch?.listRows(task, query, Date.now()) ?? fail(NOT_FOUND);
  }

  async cancelTask(task: string) {
    return this.#change((dispatch, now) => dispatch.cancel(task, now));
  }

  async retryTask(task: string) {
    return this.#change((dispatch, now) => dispatch.retry(task, now));
  }

  async describe() {
    return this.#view();
  }

  async update(patch: ClientPatch) {
    const { identity, dispatch } = this.#enrolled();
    if (identity === null || dispatch === null) return fail(NOT_FOUND);
    const now = Date.now();
    this.#save({ ...identity, ...patch });
    if (patch.paused !== undefined) dispatch.setPaused(patch.paused, now);
    this.#settle(now);
    return this.#view();
  }

  async rotateToken(rotation: TokenRotation): ReturnType<ClientRpc["rotateToken"]> {
    const { identity } = this.#enrolled();
    if (identity === null) return fail(NOT_FOUND);
    if (identity.revokedAt !== null) return fail(REVOKED);
    const now = Date.now();
    const rotated = rotateToken(identity, rotation, now);
    this.#save(rotated);
    if (rotated.oldToken !== null) {
      return ok({ oldTokenUntil: new Date(rotated.oldToken.untilMs).toISOString() });
    }
    this.#endAll(CLOSE_CODES.unauthenticated, "token replaced", now);
    return ok({ oldTokenUntil: null });
  }

  async revoke() {
    const { identity } = this.#enrolled();
    if (identity === null) return fail(NOT_FOUND);
    const now = Date.now();
    if (identity.revokedAt === null) this.#save({ ...identity, revokedAt: now });
    this.#endAll(CLOSE_CODES.revoked, "revoked", now);
    return this.#view();
  }

  async remove(): Promise<Result<null, Refusal>> {
    const revoked = await this.revoke();
    if (!revoked.ok || this.#identity === null) return fail(NOT_FOUND);
    this.#storage.erase();
    this.#save({ ...this.#identity, name: "", labels: [], facts: {}, deletedAt: Date.now() });
    this.#dispatch = null;
    await this.ctx.storage.deleteAlarm();
    return ok(null);
  }

  /** What this object has cost since it was last started, for benchmarks and the cost page. */
  async usage(): Promise<{ rowsWritten: number; alarmsSet: number }> {
    return { rowsWritten: this.#storage.rowsWritten, alarmsSet: this.#alarmsSet };
  }

  /** Builds everything in memory from what is stored and from the sockets that outlived a sleep. */
  #load(): void {
    this.#socket = null;
    this.#identity = this.#storage.identity();
    if (this.#identity === null || this.#identity.deletedAt !== null) return;
    this.ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(PING, PONG));
    this.#link = this.#storage.link();
    this.#dispatch = new Dispatch(this.#storage, this.#identity.paused);
    for (const socket of this.ctx.getWebSockets()) {
      const state = readSocketState(socket);
      if (state?.kind !== "open" || state.epoch !== this.#link.epoch) continue;
      this.#socket = socket;
      this.#dispatch.restore(state, { send: (text) => sendQuietly(socket, text) });
    }
  }

  /**
   * Runs one event as one transaction. If it fails nothing of it is stored, and what is in memory, which
   * may be ahead of the store by then, is built anew.
   */
  #event<Answer>(act: (now: number) => Answer): Answer {
    try {
      return this.ctx.storage.transactionSync(() => act(Date.now()));
    } catch (error) {
      this.#load();
      throw error;
    }
  }

  /** A call of the front that changes tasks. */
  #change<Value>(
    act: (dispatch: Dispatch, now: number) => Result<Value, Refusal>,
  ): Result<Value, Refusal> {
    const { dispatch } = this.#enrolled();
    if (dispatch === null) return fail(NOT_FOUND);
    return this.#event((now) => {
      const answer = act(dispatch, now);
      this.#settle(now);
      return answer;
    });
  }

  #enrolled(): { identity: Identity | null; dispatch: Dispatch | null } {
    const gone = this.#identity === null || this.#identity.deletedAt !== null;
    return { identity: gone ? null : this.#identity, dispatch: gone ? null : this.#dispatch };
  }

  #view(): Result<ClientView, Refusal> {
    const { identity, dispatch } = this.#enrolled();
    if (identity === null || dispatch === null) return fail(NOT_FOUND);
    return ok(viewClient(identity, this.#link, dispatch, this.#lastPingAt(), Date.now()));
  }

  #save(identity: Identity): void {
    this.#identity = identity;
    this.#storage.saveIdentity(identity);
  }

  /** Takes one frame; a fault ends the socket. */
  #receive(socket: WebSocket, message: string | ArrayBuffer, now: number): ConnectionFault | null {
    const state = readSocketState(socket);
    if (state === null || this.#dispatch === null) return UNKNOWN_CLIENT;
    if (typeof message !== "string") return BINARY_FRAME;
    const frame = parseClientFrame(message);
    if (!frame.ok) return frame.error;
    if (state.kind === "greeting") {
      if (frame.value.type !== "hello") return NO_HELLO;
      this.#supersede(socket, frame.value, now);
      return null;
    }
    return socket === this.#socket ? this.#dispatch.receive(frame.value, now) : SUPERSEDED;
  }

  /** A hello arrived: the newest socket wins, the older is closed. */
  #supersede(socket: WebSocket, hello: HelloFrame, now: number): void {
    const identity = this.#identity;
    const dispatch = this.#dispatch;
    if (identity === null || dispatch === null) return;
    const older = this.#socket;
    const olderAlive =
      older !== null &&
      dispatch.connection !== null &&
      isAlive(dispatch.connection, this.#lastPingAt(), now);
    this.#link = linkAfterHello(this.#link, hello, olderAlive, now);
    this.#storage.saveLink(this.#link);
    if (
      hello.facts !== undefined &&
      JSON.stringify(hello.facts) !== JSON.stringify(identity.facts)
    ) {
      this.#save({ ...identity, facts: hello.facts });
    }
    this.#socket = socket;
    if (older !== null) closeQuietly(older, CLOSE_CODES.superseded, "superseded");
    const wire = { send: (text: string) => sendQuietly(socket, text) };
    dispatch.hello(hello, wire, this.#link.epoch, identity.client, now);
  }

  /** After every event: what the socket must remember, and the alarm. */
  #settle(now: number): void {
    const connection = this.#dispatch?.connection;
    if (this.#socket !== null && connection) writeSocketState(this.#socket, connection);
    this.#arm(now);
  }

  /** Ends a socket; if it was the connection, the client is offline from here on. */
  #end(socket: WebSocket, code: number, reason: string, now: number): void {
    closeQuietly(socket, code, reason);
    if (socket !== this.#socket) return;
    this.#socket = null;
    this.#dispatch?.disconnect();
    this.#link = { ...this.#link, lastSeenAt: now };
    this.#storage.saveLink(this.#link);
    this.#arm(now);
  }

  #endAll(code: number, reason: string, now: number): void {
    for (const socket of this.ctx.getWebSockets()) this.#end(socket, code, reason, now);
  }

  /** Closes sockets that never said hello, and a connection that has died without a word. */
  #endSilent(now: number): void {
    for (const { socket, since } of this.#greetings()) {
      if (now - since >= HELLO_TIMEOUT_MS) this.#end(socket, CLOSE_CODES.noHello, "no hello", now);
    }
    const connection = this.#dispatch?.connection;
    if (this.#socket === null || !connection) return;
    if (!isAlive(connection, this.#lastPingAt(), now)) {
      this.#end(this.#socket, CLOSE_CODES.comeBackLater, "silent", now);
    }
  }

  #greetings(): readonly { socket: WebSocket; since: number }[] {
    return this.ctx.getWebSockets().flatMap((socket) => {
      const state = readSocketState(socket);
      const waits = state?.kind === "greeting" && socket.readyState === WebSocket.OPEN;
      return waits ? [{ socket, since: state.since }] : [];
    });
  }

  #lastPingAt(): number | null {
    if (this.#socket === null) return null;
    return this.ctx.getWebSocketAutoResponseTimestamp(this.#socket)?.getTime() ?? null;
  }

  #arm(now: number): void {
    const greetings = this.#greetings().map(({ since }) => since + HELLO_TIMEOUT_MS);
    const wanted = nearest(this.#dispatch?.wakeAt() ?? null, ...greetings);
    const at = rearm({ armedAt: this.#armedAt }, wanted, now);
    if (at === null) return;
    this.#armedAt = at;
    this.#alarmsSet += 1;
    void this.ctx.storage.setAlarm(at);
  }
}

/** The kind of an error, never its text. */
function errorName(error: unknown): string {
  return error instanceof Error ? error.name : "unknown";
}
