import { env } from "cloudflare:workers";
import { VerificationCache } from "../../../workers/cache/index.ts";
import type { Env, RateLimiter } from "../../../workers/env.ts";
import { AccountGate } from "../../../workers/front/account-gate.ts";
import { createContext, type RequestContext } from "../../../workers/front/request-context.ts";
import { cryptoRandomBytes } from "../../../workers/keys/index.ts";
import { ledgerRing } from "../../../workers/ledger/index.ts";
import { answer } from "../../../workers/router.ts";
import { AnsweredChallenges } from "../../../workers/verify/answered-challenges.ts";
import { RecentTraffic } from "../../../workers/verify/recent-traffic.ts";
import { TrackRecorder } from "../../../workers/verify/recording/index.ts";
import { mostLimits } from "../../builders/published-records.ts";
import { ADMIN_SECRET } from "../../builders/secrets.ts";

const UNLIMITED: RateLimiter = { limit: async () => ({ success: true }) };

/** The bindings of the runtime, of which the platform's own types are wider than what the front asks. */
const BINDINGS: unknown = env;

/** An isolate of its own: the front on the real objects and KV, with an empty memory and a clock to move. */
export class RealFront {
  readonly context: RequestContext;
  readonly log: string[] = [];
  /** What goes on after an answer. */
  readonly afterwards: Promise<unknown>[] = [];
  aheadMs = 0;

  constructor(overrides: Partial<Env> = {}) {
    const bindings: Env = {
      ...(BINDINGS as Env),
      ADDRESS_LIMIT: UNLIMITED,
      KEY_LIMIT: UNLIMITED,
      SITE_LIMIT: UNLIMITED,
      CLIENT_LIMIT: UNLIMITED,
      ...overrides,
    };
    const now = () => Date.now() + this.aheadMs;
    const waitUntil = (work: Promise<unknown>) => {
      this.afterwards.push(work);
    };
    this.context = createContext(bindings, {
      now,
      randomBytes: cryptoRandomBytes,
      // 4401 shows as 401, as the same refusal does to a caller without a socket.
      refuseSocket: (code) => new Response(null, { status: code - 4_000 }),
      log: (line) => this.log.push(line),
      records: new VerificationCache({ kv: bindings.CACHE, now, waitUntil: () => {} }),
      gate: new AccountGate(),
      ledger: ledgerRing(bindings.LEDGER),
      traffic: new RecentTraffic(),
      answered: new AnsweredChallenges(),
      recorder: new TrackRecorder({ recorders: bindings.RECORDER, now, waitUntil }),
    });
  }

  /** Calls with this key, or with none. */
  call(key: string | null, method: string, path: string, body?: unknown): Promise<Response> {
    const headers = new Headers(key === null ? {} : { authorization: `Bearer ${key}` });
    if (path === "/v1/connect") headers.set("upgrade", "websocket");
    if (path.startsWith("/v1/verify/")) headers.set("origin", "https://shop.example");
    if (body !== undefined) headers.set("content-type", "application/json");
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    return this.send(path, { method, headers, ...sent });
  }

  /** Sends a request as it is. */
  send(path: string, init: RequestInit): Promise<Response> {
    return answer(new Request(`https://sluice.test${path}`, init), this.context);
  }

  /** As {@link call}, for what must succeed; the answer's JSON. */
  async ask(key: string, method: string, path: string, body?: unknown) {
    const response = await this.call(key, method, path, body);
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === "" ? null : JSON.parse(text);
  }

  /** Opens an account by this name; its id and its first admin key. */
  async openAccount(name: string): Promise<{ id: string; adminKey: string }> {
    const opening = { name, limits: mostLimits() };
    const { account, operatorKey } = await this.ask(ADMIN_SECRET, "POST", "/v1/accounts", opening);
    return { id: account.id, adminKey: operatorKey.key };
  }
}
