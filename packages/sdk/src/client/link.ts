import { type ByeFrame, PING, PONG, parseServerFrame, type ServerFrame } from "@sluice/protocol";
import type { ClientSocket, ConnectRequest, Transport } from "../transport/transport.ts";
import { stepConnection } from "./connection.ts";
import {
  type ConnectionEffect,
  type ConnectionEvent,
  type ConnectionPolicy,
  type ConnectionState,
  connectionWakeAt,
  type Ending,
  type FinalReason,
} from "./connection-state.ts";
import type { Clock } from "./tuning.ts";
import { WakeTimer } from "./wake-timer.ts";

/** Close code for an orderly end (RFC 6455, 7.4.1). */
const NORMAL_CLOSURE = 1000;

/** What the link tells its owner. */
export interface LinkListener {
  /** The socket is open: say hello through `send`, now or a little later. */
  greet(send: (text: string) => void): void;
  /** A frame for the owner; `welcome` comes after the link is online. */
  received(frame: Exclude<ServerFrame, ByeFrame>): void;
  farewell(frame: ByeFrame): void;
  lost(ending: Ending, retryInMs: number): void;
  halfOpen(): void;
  /** There will be no further attempt. */
  final(reason: FinalReason): void;
}

/** Carries out what the connection's state machine decides: sockets, timer, heartbeat. */
export class Link {
  framesReceived = 0;
  framesSent = 0;
  connections = 0;
  readonly #transport: Transport;
  readonly #request: ConnectRequest;
  readonly #policy: ConnectionPolicy;
  readonly #clock: Clock;
  readonly #listener: LinkListener;
  readonly #timer: WakeTimer;
  #state: ConnectionState = { phase: "idle" };
  #socket: ClientSocket | null = null;

  constructor(
    transport: Transport,
    request: ConnectRequest,
    policy: ConnectionPolicy,
    clock: Clock,
    listener: LinkListener,
  ) {
    this.#transport = transport;
    this.#request = request;
    this.#policy = policy;
    this.#clock = clock;
    this.#listener = listener;
    this.#timer = new WakeTimer(() => this.#step({ type: "woke" }));
  }

  get phase(): ConnectionState["phase"] {
    return this.#state.phase;
  }

  /** Epoch of the present connection; null when there is none. */
  get epoch(): number | null {
    return this.#state.phase === "online" ? this.#state.epoch : null;
  }

  start(): void {
    this.#step({ type: "start" });
  }

  stop(): void {
    this.#step({ type: "stop" });
  }

  /** Sends a frame's text; it is lost when there is no connection. */
  send(text: string): void {
    if (this.#socket === null) return;
    this.framesSent++;
    this.#socket.send(text);
  }

  #step(event: ConnectionEvent): void {
    const moment = { now: this.#clock.now(), random: this.#clock.random() };
    const before = this.#state;
    const { state, effects } = stepConnection(before, event, moment, this.#policy);
    this.#state = state;
    if (state !== before) this.#rearm(moment.now);
    else if (event.type === "woke") this.#rearm(moment.now);
    for (const effect of effects) this.#carryOut(effect);
  }

  #rearm(now: number): void {
    const wakeAt = connectionWakeAt(this.#state);
    if (wakeAt === null) this.#timer.clear();
    else this.#timer.set(wakeAt, now);
  }

  #carryOut(effect: ConnectionEffect): void {
    switch (effect.type) {
      case "open":
        this.#open();
        return;
      case "greet":
        this.#greet();
        return;
      case "ping":
        this.#socket?.send(PING);
        return;
      case "terminate":
        if (effect.cause === "half_open") this.#listener.halfOpen();
        this.#dropSocket((socket) => socket.terminate());
        return;
      case "close":
        this.#dropSocket((socket) => socket.close(NORMAL_CLOSURE, ""));
        return;
      case "lost":
        this.#socket = null;
        this.#listener.lost(effect.ending, effect.retryInMs);
        return;
      case "final":
        this.#socket = null;
        this.#listener.final(effect.reason);
        return;
    }
  }

  #dropSocket(drop: (socket: ClientSocket) => void): void {
    const socket = this.#socket;
    this.#socket = null;
    if (socket !== null) drop(socket);
  }

  #open(): void {
    this.connections++;
    // Late words of a socket that was given up are not for the one that follows it.
    const heard = (act: () => void) => {
      if (this.#socket === socket) act();
    };
    const socket = this.#transport(this.#request, {
      opened: () => heard(() => this.#step({ type: "opened" })),
      received: (text) => heard(() => this.#receive(text)),
      ended: (ending) => heard(() => this.#step({ type: "ended", ending })),
    });
    this.#socket = socket;
  }

  #greet(): void {
    const socket = this.#socket;
    this.#listener.greet((text) => {
      if (this.#socket === socket) this.send(text);
    });
  }

  #receive(text: string): void {
    this.#step({ type: "heard" });
    if (text === PONG) return;
    this.framesReceived++;
    const parsed = parseServerFrame(text);
    if (!parsed.ok) {
      this.#reject(parsed.error.closeCode);
      return;
    }
    const frame = parsed.value;
    if (frame.type === "bye") {
      this.#step({ type: "farewell", code: frame.code, retryAfterMs: frame.retryAfterMs });
      this.#listener.farewell(frame);
      return;
    }
    if (frame.type === "welcome") {
      this.#step({ type: "welcomed", epoch: frame.epoch, heartbeatMs: frame.heartbeatMs });
    }
    this.#listener.received(frame);
  }

  /** The server said something that is no frame: hang up, and come back later. */
  #reject(code: number): void {
    this.#dropSocket((socket) => socket.close(code, ""));
    this.#step({ type: "ended", ending: { kind: "closed", code, reason: "not a frame" } });
  }
}
