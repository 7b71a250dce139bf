import type { AccountId } from "@sluice/protocol";
import { ok } from "@sluice/protocol";
import type { AccountRecord } from "../../durable-objects/registry/rpc.ts";
import { type Outcome, refuse } from "./refusal.ts";

const MINUTE_MS = 60_000;
/** A request that is still under way after this long was given up by its caller and never came to its end. */
const LONGEST_REQUEST_MS = 60_000;
/** When there is room again nobody knows; requests are short. */
const RETRY_IN_FLIGHT_SECONDS = 1;
/** Accounts remembered at a time; the one that was quiet longest is forgotten first. */
const MAX_ACCOUNTS = 10_000;

/** A request that was let in. Give it back when it has been answered. */
export interface Pass {
  readonly account: AccountId;
  readonly sinceMs: number;
}

/** What one account is doing: what is left of its rate, and its requests under way, oldest first. */
interface Traffic {
  tokens: number;
  filledAtMs: number;
  readonly passes: Set<Pass>;
}

/**
 * Bounds what one account may have under way, and how often it may come, so that its flood leaves the
 * others untouched. Counts in this isolate alone and so needs no look-up: the bound is for each isolate,
 * and an account is served by many.
 *
 * The rate is a token bucket of a minute's requests. Time is passed in.
 */
export class AccountGate {
  readonly #traffic = new Map<AccountId, Traffic>();
  readonly #maxAccounts: number;

  constructor(maxAccounts: number = MAX_ACCOUNTS) {
    this.#maxAccounts = maxAccounts;
  }

  /** Lets a request in, or refuses it as `rate_limited` with the time to wait. */
  enter(record: AccountRecord, now: number): Outcome<Pass> {
    const room = this.look(record, now);
    if (!room.ok) return room;
    const { account } = record;
    const traffic = this.#of(account, record.limits.requestsPerMinute, now);
    const pass: Pass = { account, sinceMs: now };
    traffic.tokens -= 1;
    traffic.passes.add(pass);
    return ok(pass);
  }

  /** Says whether a request would be let in, and takes nothing. */
  look({ account, limits }: AccountRecord, now: number): Outcome<null> {
    const traffic = this.#of(account, limits.requestsPerMinute, now);
    dropAbandoned(traffic.passes, now);
    if (traffic.passes.size >= limits.requestsInFlight) {
      return refuse("rate_limited", "too many requests under way", RETRY_IN_FLIGHT_SECONDS);
    }
    fill(traffic, limits.requestsPerMinute, now);
    if (traffic.tokens >= 1) return ok(null);
    const waitMs = ((1 - traffic.tokens) * MINUTE_MS) / Math.max(1, limits.requestsPerMinute);
    return refuse("rate_limited", "too many requests of this account", waitMs / 1000);
  }

  /** Ends a request that was let in. */
  leave(pass: Pass): void {
    this.#traffic.get(pass.account)?.passes.delete(pass);
  }

  /** The account's traffic, moved to the end of the map, where the recent ones are. */
  #of(account: AccountId, perMinute: number, now: number): Traffic {
    const known = this.#traffic.get(account);
    const traffic = known ?? { tokens: perMinute, filledAtMs: now, passes: new Set<Pass>() };
    if (known !== undefined) this.#traffic.delete(account);
    else this.#makeRoom();
    this.#traffic.set(account, traffic);
    return traffic;
  }

  #makeRoom(): void {
    const [quietest] = this.#traffic.keys();
    if (quietest !== undefined && this.#traffic.size >= this.#maxAccounts) {
      this.#traffic.delete(quietest);
    }
  }
}

/** The runtime ends a request whose caller has gone without a word, so not every pass is given back. */
function dropAbandoned(passes: Set<Pass>, now: number): void {
  for (const pass of passes) {
    if (now - pass.sinceMs < LONGEST_REQUEST_MS) return;
    passes.delete(pass);
  }
}

function fill(traffic: Traffic, perMinute: number, now: number): void {
  const gained = (Math.max(0, now - traffic.filledAtMs) * perMinute) / MINUTE_MS;
  traffic.tokens = Math.min(perMinute, traffic.tokens + gained);
  traffic.filledAtMs = now;
}
