import type { JsonObject } from "@sluice/protocol";
import { backoffDelayMs } from "../client/backoff.ts";
import { fullBucket, type Limiter, takeToken } from "../client/token-bucket.ts";
import { HttpCaller, type HttpOptions } from "../operator/http.ts";
import { SluiceError } from "../operator/sluice-error.ts";
import { type Expectation, judge, NO_VERDICT, refused, type Verdict } from "./verdict.ts";

/** A visitor waits for this, so it is short beside what an operator's call may take. */
const DEFAULT_TIMEOUT_MS = 5_000;
const ATTEMPTS = 3;
/** Random, so that the servers of a site that all waited do not come back at once. */
const PAUSE = { baseMs: 300, capMs: 1_000 };
const MINUTE_SECONDS = 60;
/** As long as a pass can be: nothing longer is worth a call. */
const MAX_PASS_CHARACTERS = 2_048;

export interface SiteVerifierOptions extends Pick<HttpOptions, "url" | "fetch"> {
  /** The site's secret. */
  readonly secret: string;
  /** For one visitor, repeated attempts included. */
  readonly timeoutMs?: number;
  /**
   * Visitors a minute who are let through without a verdict while the service cannot be asked. 0, the
   * default, turns all of them away. It bounds what an attacker gains who brings the service down.
   */
  readonly letThroughPerMinute?: number;
  readonly now?: () => number;
}

/** Redeems passes for a site's server. */
export interface SiteVerifier {
  /**
   * Redeems the pass of a form. Asked again after a lost answer with the same idempotency key, so that a
   * good pass is not lost with it. Throws `SluiceError` only where the address is not that of a service.
   */
  verify(pass: string | null | undefined, expected?: Expectation): Promise<Verdict>;
}

/** A verifier for one site's secret; make one and keep it, for it counts what it let through. */
export function createSiteVerifier(options: SiteVerifierOptions): SiteVerifier {
  const { secret, timeoutMs = DEFAULT_TIMEOUT_MS, letThroughPerMinute = 0 } = options;
  const { now = Date.now, ...http } = options;
  const caller = new HttpCaller({ ...http, retry: { attempts: 1 } });
  const allowance = new Allowance(letThroughPerMinute, now);
  return {
    async verify(pass, expected = {}) {
      if (pass === null || pass === undefined || pass === "") return refused("missing");
      if (pass.length > MAX_PASS_CHARACTERS) return refused("refused");
      const body = { secret, response: pass, idempotency_key: crypto.randomUUID() };
      const verdict = await askUntil(caller, JSON.stringify(body), expected, timeoutMs);
      if (verdict !== NO_VERDICT) return verdict;
      return allowance.take() ? { accepted: true, because: "outage" } : refused("outage");
    },
  };
}

/** Asks until there is a verdict, the attempts are used up, or the time is. */
async function askUntil(
  caller: HttpCaller,
  body: string,
  expected: Expectation,
  timeoutMs: number,
): Promise<Verdict | typeof NO_VERDICT> {
  const signal = AbortSignal.timeout(timeoutMs);
  for (let attempt = 1; attempt <= ATTEMPTS && !signal.aborted; attempt += 1) {
    if (attempt > 1) await pause(backoffDelayMs(PAUSE, attempt - 1, Math.random()), signal);
    const answer = await ask(caller, body, signal);
    const verdict = answer === null ? NO_VERDICT : judge(answer, expected);
    if (verdict !== NO_VERDICT) return verdict;
  }
  return NO_VERDICT;
}

/** The service's answer; null when there was none, or one that says nothing. */
async function ask(
  caller: HttpCaller,
  body: string,
  signal: AbortSignal,
): Promise<JsonObject | null> {
  try {
    return await caller.call({
      method: "POST",
      path: "/siteverify",
      body,
      repeatable: true,
      signal,
    });
  } catch (error) {
    if (signal.aborted || isOutage(error)) return null;
    throw error;
  }
}

function isOutage(error: unknown): boolean {
  return (
    error instanceof SluiceError &&
    (error.status === 0 || error.status === 429 || error.status >= 500)
  );
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end, { once: true });
  });
}

/** How many are let through without a verdict: a token bucket of one minute's. */
class Allowance {
  readonly #limiter: Limiter;
  readonly #now: () => number;
  #bucket;

  constructor(perMinute: number, now: () => number) {
    this.#limiter = { burst: perMinute, perSecond: perMinute / MINUTE_SECONDS };
    this.#now = now;
    this.#bucket = fullBucket(this.#limiter, now());
  }

  take(): boolean {
    const rest = takeToken(this.#limiter, this.#bucket, this.#now());
    this.#bucket = rest ?? this.#bucket;
    return rest !== null;
  }
}
