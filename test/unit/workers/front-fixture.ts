import { ok } from "@sluice/protocol";
import type { ShardName } from "../../../durable-objects/ledger/rpc.ts";
import type { RecorderRpc } from "../../../durable-objects/recorder/rpc.ts";
import type { KeyRole, RegistryRpc } from "../../../durable-objects/registry/rpc.ts";
import { VerificationCache } from "../../../workers/cache/index.ts";
import type { ClientStub, Env } from "../../../workers/env.ts";
import { AccountGate } from "../../../workers/front/account-gate.ts";
import { createContext, type RequestContext } from "../../../workers/front/request-context.ts";
import {
  cryptoRandomBytes,
  encodeBase32,
  FIRST_ACCOUNT,
  formatAccountId,
  hashKey,
  type KeyKind,
  type KeyRing,
  mintClient,
  mintKey,
  parseKeyRing,
  timedKeyId,
  verifyKey,
} from "../../../workers/keys/index.ts";
import { ledgerRing } from "../../../workers/ledger/index.ts";
import { answer } from "../../../workers/router.ts";
import { AnsweredChallenges } from "../../../workers/verify/answered-challenges.ts";
import { RecentTraffic } from "../../../workers/verify/recent-traffic.ts";
import { TrackRecorder } from "../../../workers/verify/recording/index.ts";
import {
  accountRecord,
  enrolmentTokenRecord,
  operatorKeyRecord,
  PublishedRecords,
  siteRecord,
} from "../../builders/published-records.ts";
import { ADMIN_SECRET } from "../../builders/secrets.ts";
import { ShardStandIns } from "../ledger/shard-stand-ins.ts";

/** Where requests come from that do not say otherwise. */
export const CALLER_ADDRESS = "203.0.113.1";

export const NOW = Date.UTC(2026, 10, 23);
export const RING_TEXT = `1:${"A".repeat(43)}`;
export const OTHER_RING_TEXT = `1:${"B".repeat(42)}A`;
export const OTHER_ACCOUNT = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 1);

const SLOW_SHARD_MS = 20;

/** A ring from its text; a test that passes a malformed one fails here. */
export function ringOf(text: string): KeyRing {
  const ring = parseKeyRing(text);
  if (!ring.ok) throw new Error(ring.error);
  return ring.value;
}

/** What stands in KV for every front that is given no KV of its own. */
export const PUBLISHED = new PublishedRecords();
for (const account of [FIRST_ACCOUNT, OTHER_ACCOUNT].map(formatAccountId)) {
  PUBLISHED.publish("account", account, accountRecord(account));
}

export interface KeyOptions {
  readonly account?: Uint8Array;
  /** Of an operator key. */
  readonly role?: KeyRole;
  /** Of an enrolment token. */
  readonly labels?: readonly string[];
  readonly uses?: number | null;
}

/** A key of any kind, whose record is published; `at` is the time in its id, and a token's expiry. */
export async function keyOf(
  kind: KeyKind,
  at = NOW,
  ringText = RING_TEXT,
  { account = FIRST_ACCOUNT, ...fields }: KeyOptions = {},
): Promise<string> {
  const keyId = timedKeyId(at, cryptoRandomBytes);
  const key = mintKey(ringOf(ringText), kind, { account, keyId }, cryptoRandomBytes);
  const [owner, id, hash] = [formatAccountId(account), encodeBase32(keyId), hashKey(key)];
  if (kind === "operator") PUBLISHED.publish(kind, id, operatorKeyRecord(owner, hash, fields));
  if (kind === "siteSecret") PUBLISHED.publish("site", id, siteRecord(owner, hash));
  if (kind === "enrolment") {
    const record = enrolmentTokenRecord(owner, hash, { expiresAtMs: at, ...fields });
    PUBLISHED.publish(kind, id, record);
  }
  return key;
}

/** An operator key with every right of its account, unless its options say otherwise. */
export function operatorKey(options: KeyOptions = {}): Promise<string> {
  return keyOf("operator", NOW, RING_TEXT, options);
}

export async function enrolledClient(account: Uint8Array = FIRST_ACCOUNT) {
  return mintClient(ringOf(RING_TEXT), account, NOW, cryptoRandomBytes);
}

/** One call that reached a client's object. */
export interface ObjectCall {
  readonly name: string;
  readonly method: string;
  readonly args: readonly unknown[];
}

/** Stands in for the objects of a class: records every call and answers each method as it is told. */
export class RecordingObjects<Stub extends object> {
  readonly calls: ObjectCall[] = [];
  /** How often a stub was made. */
  stubs = 0;
  readonly #answers: Partial<Stub>;

  constructor(answers: Partial<Stub> = {}) {
    this.#answers = answers;
  }

  getByName(name: string): Stub {
    this.stubs++;
    const called =
      (method: string) =>
      async (...args: never[]) => {
        this.calls.push({ name, method, args });
        const told = Reflect.get(this.#answers, method);
        if (typeof told === "function") return told(...args);
        return method === "fetch" ? new Response("upgraded") : ok({ method });
      };
    return new Proxy({} as Stub, { get: (_stub, method) => called(String(method)) });
  }
}

/** The ledger's shards, which can be out of reach all at once. */
export class FallibleShards extends ShardStandIns {
  isDown = false;
  /** How often a shard was asked for. */
  stubs = 0;

  override getByName(name: ShardName) {
    this.stubs += 1;
    if (this.isDown) throw new Error("the ledger is out of reach");
    return super.getByName(name);
  }
}

/** The front with everything around it in the test's hands. */
export interface Front {
  readonly context: RequestContext;
  readonly clients: RecordingObjects<ClientStub>;
  readonly registry: RecordingObjects<RegistryRpc>;
  readonly recorders: RecordingObjects<RecorderRpc>;
  readonly ledger: FallibleShards;
  readonly log: string[];
  readonly refusedSockets: { code: number; reason: string; subprotocol: string | null }[];
  /** Keys that each limiter was asked for, as `LIMITER key`. */
  readonly limited: string[];
  call(path: string, init?: RequestInit): Promise<Response>;
}

export interface FrontOptions {
  readonly answers?: Partial<ClientStub>;
  readonly registryAnswers?: Partial<RegistryRpc>;
  readonly recorderAnswers?: Partial<RecorderRpc>;
  /** What stands in KV; by default all that keys were made for in this file. */
  readonly records?: PublishedRecords;
  readonly now?: () => number;
  /** Names of the limiters that say no. */
  readonly exhausted?: readonly string[];
  readonly keyRing?: string;
}

export function startFront({
  answers = {},
  registryAnswers = {},
  recorderAnswers = {},
  records = PUBLISHED,
  now = () => NOW,
  exhausted = [],
  keyRing = RING_TEXT,
}: FrontOptions = {}): Front {
  const clients = new RecordingObjects<ClientStub>(answers);
  const registry = new RecordingObjects<RegistryRpc>(registryAnswers);
  const recorders = new RecordingObjects<RecorderRpc>(recorderAnswers);
  const ledger = new FallibleShards(SLOW_SHARD_MS);
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
    REGISTRY: registry,
    LEDGER: ledger,
    RECORDER: recorders,
    CACHE: records,
    ADDRESS_LIMIT: limiter("ADDRESS_LIMIT"),
    KEY_LIMIT: limiter("KEY_LIMIT"),
    SITE_LIMIT: limiter("SITE_LIMIT"),
    CLIENT_LIMIT: limiter("CLIENT_LIMIT"),
    KEY_RING: keyRing,
    ADMIN_SECRET,
  };
  const context = createContext(env, {
    now,
    randomBytes: cryptoRandomBytes,
    refuseSocket: (code, reason, subprotocol) => {
      refusedSockets.push({ code, reason, subprotocol });
      return new Response(null, { status: 200 });
    },
    log: (line) => log.push(line),
    records: new VerificationCache({ kv: records, now, waitUntil: () => {} }),
    gate: new AccountGate(),
    ledger: ledgerRing(ledger),
    traffic: new RecentTraffic(),
    answered: new AnsweredChallenges(),
    recorder: new TrackRecorder({ recorders, now, waitUntil: () => {} }),
  });
  const call = (path: string, init?: RequestInit) =>
    answer(fromOutside(new Request(`https://sluice.test${path}`, init)), context);
  return { context, clients, registry, recorders, ledger, log, limited, refusedSockets, call };
}

/** Every request from outside carries the address that the platform saw. */
function fromOutside(request: Request): Request {
  if (!request.headers.has("cf-connecting-ip")) {
    request.headers.set("cf-connecting-ip", CALLER_ADDRESS);
  }
  return request;
}

/** A request with an operator key and, unless it is a string, a JSON body. */
export async function asOperator(
  method: string,
  body?: unknown,
  options: KeyOptions = {},
): Promise<RequestInit> {
  return requestWith(await operatorKey(options), method, body);
}

/** A request of the platform's admin. */
export function asAdmin(method: string, body?: unknown): RequestInit {
  return requestWith(ADMIN_SECRET, method, body);
}

/** A request with a key and, unless it is a string, a JSON body. */
export function requestWith(key: string, method: string, body?: unknown): RequestInit {
  return {
    method,
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  };
}

export async function postJson(front: Front, path: string, body: unknown): Promise<Response> {
  const headers = { "content-type": "application/json" };
  return front.call(path, { method: "POST", headers, body: JSON.stringify(body) });
}

/** The id of a key's record. */
export async function idOf(key: string): Promise<string> {
  const verified = verifyKey(ringOf(RING_TEXT), key);
  if (!verified.ok) throw new Error(verified.error);
  return encodeBase32(verified.value.keyId);
}

/** The status of an answer and, of a refusal, its code. */
export async function verdictOf(response: Response): Promise<string> {
  if (response.status < 400) return String(response.status);
  const { code }: { code: string } = await response.json();
  return `${response.status} ${code}`;
}
