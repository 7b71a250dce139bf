import { ok } from "@sluice/protocol";
import type { ClientNamespace, ClientStub, Env } from "../../../workers/env.ts";
import { createContext, type RequestContext } from "../../../workers/front/request-context.ts";
import {
  cryptoRandomBytes,
  FIRST_ACCOUNT,
  type KeyKind,
  type KeyRing,
  mintClient,
  mintKey,
  mintOperatorKey,
  parseKeyRing,
  timedKeyId,
} from "../../../workers/keys/index.ts";
import { answer } from "../../../workers/router.ts";

export const NOW = Date.UTC(2026, 10, 23);
export const RING_TEXT = `1:${"A".repeat(43)}`;
export const OTHER_RING_TEXT = `1:${"B".repeat(42)}A`;
export const OTHER_ACCOUNT = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 1);

/** A ring from its text; a test that passes a malformed one fails here. */
export async function ringOf(text: string): Promise<KeyRing> {
  const ring = await parseKeyRing(text);
  if (!ring.ok) throw new Error(ring.error);
  return ring.value;
}

/** A key of any kind of the first account; `at` is the time in its id. */
export async function keyOf(kind: KeyKind, at = NOW, ringText = RING_TEXT): Promise<string> {
  const owner = { account: FIRST_ACCOUNT, keyId: timedKeyId(at, cryptoRandomBytes) };
  return mintKey(await ringOf(ringText), kind, owner, cryptoRandomBytes);
}

export async function operatorKey(): Promise<string> {
  return mintOperatorKey(await ringOf(RING_TEXT), NOW);
}

export async function enrolledClient(account: Uint8Array = FIRST_ACCOUNT) {
  return mintClient(await ringOf(RING_TEXT), account, NOW, cryptoRandomBytes);
}

/** One call that reached a client's object. */
export interface ObjectCall {
  readonly name: string;
  readonly method: string;
  readonly args: readonly unknown[];
}

/** Stands in for the objects: records every call and answers each method as it is told. */
export class RecordingClients implements ClientNamespace {
  readonly calls: ObjectCall[] = [];
  /** How often a stub was made. */
  stubs = 0;
  readonly #answers: Partial<ClientStub>;

  constructor(answers: Partial<ClientStub> = {}) {
    this.#answers = answers;
  }

  getByName(name: string): ClientStub {
    this.stubs++;
    const called =
      (method: string) =>
      async (...args: never[]) => {
        this.calls.push({ name, method, args });
        const told = Reflect.get(this.#answers, method);
        if (typeof told === "function") return told(...args);
        return method === "fetch" ? new Response("upgraded") : ok({ method });
      };
    return new Proxy({} as ClientStub, { get: (_stub, method) => called(String(method)) });
  }
}

/** The front with everything around it in the test's hands. */
export interface Front {
  readonly context: RequestContext;
  readonly clients: RecordingClients;
  readonly log: string[];
  readonly refusedSockets: { code: number; reason: string; subprotocol: string | null }[];
  /** Keys that each limiter was asked for, as `LIMITER key`. */
  readonly limited: string[];
  call(path: string, init?: RequestInit): Promise<Response>;
}

export interface FrontOptions {
  readonly answers?: Partial<ClientStub>;
  /** Names of the limiters that say no. */
  readonly exhausted?: readonly string[];
  readonly keyRing?: string;
}

export function startFront({
  answers = {},
  exhausted = [],
  keyRing = RING_TEXT,
}: FrontOptions = {}): Front {
  const clients = new RecordingClients(answers);
  const log: string[] = [];
  const limited: string[] = [];
  const refusedSockets: Front["refusedSockets"] = [];
  const limiter = (name: string) => ({
    limit: async ({ key }: { key: string }) => {
      limited.push(`${name} ${key}`);
      return { success: !exhausted.includes(name) };
    },
  });
  const env: Env = {
    CLIENT: clients,
    ADDRESS_LIMIT: limiter("ADDRESS_LIMIT"),
    KEY_LIMIT: limiter("KEY_LIMIT"),
    CLIENT_LIMIT: limiter("CLIENT_LIMIT"),
    KEY_RING: keyRing,
    ADMIN_SECRET: "unused",
  };
  const context = createContext(env, {
    now: () => NOW,
    randomBytes: cryptoRandomBytes,
    refuseSocket: (code, reason, subprotocol) => {
      refusedSockets.push({ code, reason, subprotocol });
      return new Response(null, { status: 200 });
    },
    log: (line) => log.push(line),
  });
  const call = (path: string, init?: RequestInit) =>
    answer(new Request(`https://sluice.test${path}`, init), context);
  return { context, clients, log, limited, refusedSockets, call };
}

/** A request with an operator key and, unless it is a string, a JSON body. */
export async function asOperator(method: string, body?: unknown): Promise<RequestInit> {
  return {
    method,
    headers: {
      authorization: `Bearer ${await operatorKey()}`,
      "content-type": "application/json",
    },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  };
}

export async function postJson(front: Front, path: string, body: unknown): Promise<Response> {
  const headers = { "content-type": "application/json" };
  return front.call(path, { method: "POST", headers, body: JSON.stringify(body) });
}
