import { type AccountId, type ClientId, fail, ok, type Result } from "@sluice/protocol";
import { AlarmClock } from "../alarm-clock.ts";
import type { Refusal } from "../client/rpc.ts";
import { AccountPublisher, type Destinations } from "./account-publisher.ts";
import { AccountReconciler } from "./account-reconciler.ts";
import { AccountRegistry } from "./account-registry.ts";
import { AccountStorage } from "./account-storage.ts";
import { Roster } from "./roster.ts";
import { RosterStorage } from "./roster-storage.ts";
import type { PlaceReturn, ReconcilePage } from "./rpc.ts";
import { startTimer } from "./timer.ts";

/** The longest that a call which creates something waits for it to be in KV. */
const CREATION_WAIT_MS = 1_000;
/** After a commit the alarm stands this far off, for the case that this object dies before it has published. */
const WATCHDOG_MS = 15_000;
/** An alarm is never nearer than this: what is on its way already must not set it off again and again. */
const MIN_ALARM_MS = 1_000;
const CLOSED: Refusal = { code: "invalid_key", detail: "the account is closed" };

type Act<Value> = (account: AccountRegistry, now: number) => Result<Value, Refusal>;

/** What an object does that holds an account: commits, publishes, and keeps the alarm for what is left. */
export class AccountRole {
  readonly #ctx: DurableObjectState;
  readonly #storage: AccountStorage;
  readonly #registry: AccountRegistry;
  readonly #roster: Roster;
  readonly #publisher: AccountPublisher;
  readonly #reconciler: AccountReconciler;
  readonly #alarm: AlarmClock;

  constructor(
    ctx: DurableObjectState,
    account: AccountId,
    destinations: Destinations & { readonly kv: KVNamespace },
  ) {
    this.#ctx = ctx;
    this.#storage = new AccountStorage(ctx.storage);
    this.#alarm = new AlarmClock(ctx.storage);
    this.#registry = new AccountRegistry(this.#storage, account);
    this.#roster = new Roster(new RosterStorage(ctx.storage));
    this.#publisher = new AccountPublisher(account, this.#storage, destinations);
    this.#reconciler = new AccountReconciler(account, this.#storage, {
      kv: destinations.kv,
      publish: () => this.#publish(),
    });
    if (!this.#storage.exists) return;
    this.#storage.migrate();
    ctx.blockConcurrencyWhile(async () => {
      await this.#alarm.load();
      this.#armForOutbox();
    });
  }

  read<Value>(ask: Act<Value>): Result<Value, Refusal> {
    return ask(this.#registry, Date.now());
  }

  /** Commits, and answers without waiting for KV. */
  change<Value>(act: Act<Value>): Result<Value, Refusal> {
    const answer = act(this.#registry, Date.now());
    if (answer.ok) this.#ctx.waitUntil(this.#publishCommitted());
    return answer;
  }

  /** Commits, and answers when KV has it or has taken too long. */
  async create<Value>(act: Act<Value>): Promise<Result<Value, Refusal>> {
    const answer = act(this.#registry, Date.now());
    if (!answer.ok) return answer;
    const published = this.#publishCommitted();
    this.#ctx.waitUntil(published);
    const timer = startTimer(CREATION_WAIT_MS);
    await Promise.race([published, timer.elapsed]);
    timer.cancel();
    return answer;
  }

  /** Takes a place within the limit that holds now, which readers of KV may not have seen yet. */
  takePlace(client: ClientId): Result<null, Refusal> {
    const account = this.#registry.describe();
    if (!account.ok) return fail(CLOSED);
    return this.#roster.come(client, account.value.limits.clients, Date.now());
  }

  returnPlace(client: ClientId, because: PlaceReturn): Result<null, Refusal> {
    if (!this.#storage.exists) return fail(CLOSED);
    return because === "removed"
      ? this.#roster.leave(client, Date.now())
      : this.#roster.undo(client, Date.now());
  }

  async reconcile(cursor: string | null): Promise<Result<ReconcilePage, Refusal> | null> {
    if (!this.#storage.exists) return null;
    return ok(await this.#reconciler.page(cursor, Date.now()));
  }

  /** The alarm. Storage that fails is the only thing that it throws of, and then the platform tries again. */
  async wake(): Promise<void> {
    this.#alarm.fired();
    await this.#publish();
  }

  /** Runs in the turn of the commit up to its first wait, so that the alarm is part of the transaction. */
  #publishCommitted(): Promise<void> {
    const now = Date.now();
    this.#alarm.arm(now + WATCHDOG_MS, now);
    return this.#publish();
  }

  async #publish(): Promise<void> {
    await this.#publisher.run();
    this.#armForOutbox();
  }

  #armForOutbox(): void {
    const dueAt = this.#storage.outbox.nextDueAt();
    const now = Date.now();
    if (dueAt !== null) this.#alarm.arm(Math.max(dueAt, now + MIN_ALARM_MS), now);
  }
}
