import { DurableObject } from "cloudflare:workers";
import { nearest, rearm } from "../client/alarm.ts";
import { startTimer } from "../registry/timer.ts";
import { type Entry, LedgerBook } from "./book.ts";
import { GroupCommit } from "./group-commit.ts";
import {
  afterHandOver,
  HAND_OVER_RECORDS,
  type HandOverPlan,
  NOTHING_OWED,
  planHandOver,
} from "./hand-over.ts";
import { heldOf, type LedgerRecord, type RecordEvent, transition } from "./record.ts";
import type {
  AttemptId,
  Durability,
  HandedRecord,
  Held,
  LedgerNamespace,
  LedgerRpc,
  LedgerUsage,
  RecordKey,
  ShardName,
} from "./rpc.ts";
import { LedgerStorage } from "./storage.ts";

/** A partner that has not taken the records by then is asked again later. */
const HAND_OVER_TIMEOUT_MS = 5_000;

/** After an alarm that failed, the next try. The platform's own retries end after six. */
const ALARM_RETRY_MS = 5_000;

/** What a shard needs of its surroundings: the other shards, to hand over what they missed. */
export interface LedgerEnvironment {
  readonly LEDGER: LedgerNamespace;
}

/**
 * One shard of the ledger ring. This class only receives calls and alarms, lets {@link transition} decide,
 * and answers when what it says is committed, or at once where that may be soon. It knows nothing of the ring but the partners it is told of.
 */
export class Ledger extends DurableObject<LedgerEnvironment> implements LedgerRpc {
  readonly #storage: LedgerStorage;
  readonly #commits: GroupCommit<RecordKey, LedgerRecord>;
  #book = new LedgerBook();
  /** What was claimed "soon" before then may be missing from the book. */
  #remembersFrom = 0;
  #handOver: HandOverPlan = NOTHING_OWED;
  #armedAt: number | null = null;
  #alarmsSet = 0;
  #recordsMade = 0;

  constructor(ctx: DurableObjectState, env: LedgerEnvironment) {
    super(ctx, env);
    this.#storage = new LedgerStorage(ctx.storage.sql);
    this.#commits = new GroupCommit({
      now: () => Date.now(),
      later: (ms, act) => {
        const timer = setTimeout(act, ms);
        return () => clearTimeout(timer);
      },
      write: (records) => this.#write(records),
    });
    this.#storage.migrate();
    this.#load();
    ctx.blockConcurrencyWhile(async () => {
      this.#armedAt = await ctx.storage.getAlarm();
      this.#arm(Date.now());
    });
  }

  async claim(key: RecordKey, attempt: AttemptId, durability?: Durability): Promise<Held> {
    return this.#answer(key, { type: "claim", attempt }, durability);
  }

  async markSolo(key: RecordKey, attempt: AttemptId, partner: ShardName): Promise<Held> {
    return this.#answer(key, { type: "markSolo", attempt, partner });
  }

  async settle(key: RecordKey, attempt: AttemptId): Promise<Held> {
    return this.#answer(key, { type: "settle", attempt });
  }

  async handOver(records: readonly HandedRecord[]): Promise<void> {
    for (const { key, attempt, expiresAt } of records) {
      this.#apply(key, { type: "handedOver", attempt, expiresAt }, "durable");
    }
    await this.#commits.storedAll();
  }

  async usage(): Promise<LedgerUsage> {
    return {
      rowsWritten: this.#storage.rowsWritten,
      alarmsSet: this.#alarmsSet,
      recordsMade: this.#recordsMade,
    };
  }

  override async alarm(): Promise<void> {
    this.#armedAt = null;
    try {
      this.#sweep(Date.now());
      await this.#handOverDue();
      this.#arm(Date.now());
    } catch (error) {
      console.error(JSON.stringify({ event: "ledger.alarm.failed", error: errorName(error) }));
      await this.ctx.storage.setAlarm(Date.now() + ALARM_RETRY_MS);
    }
  }

  /** Lets an event happen to a key and answers with what is held, once that is committed or at once. */
  async #answer(
    key: RecordKey,
    event: RecordEvent,
    durability: Durability = "durable",
  ): Promise<Held> {
    const record = this.#apply(key, event, durability);
    if (durability === "durable") await this.#commits.stored(key);
    if (record === null) throw new TypeError("a call about a key leaves a record of it");
    return heldOf(record, durability === "durable" ? 0 : this.#remembersFrom);
  }

  #apply(key: RecordKey, event: RecordEvent, durability: Durability): LedgerRecord | null {
    const now = Date.now();
    const before = this.#book.get(key);
    const after = transition(before, event, now);
    if (after === null || after === before) return after;
    if (after.expiresAt !== before?.expiresAt) this.#recordsMade += 1;
    this.#book.set(key, after);
    if (after.owedTo.length > 0) this.#handOver = planHandOver(this.#handOver, now);
    this.#commits.put(key, after, durability);
    return after;
  }

  /** Writes one commit. If it fails nothing of it is stored, and what is in memory is built anew. */
  #write(records: ReadonlyMap<RecordKey, LedgerRecord>): void {
    const now = Date.now();
    const entries = [...records].map(([key, record]): Entry => ({ key, record }));
    try {
      this.ctx.storage.transactionSync(() => this.#storage.append(entries, now));
    } catch (error) {
      this.#load();
      throw error;
    }
    this.#arm(now);
  }

  #load(): void {
    const now = Date.now();
    this.#book = new LedgerBook();
    for (const { key, record } of this.#storage.load(now)) this.#book.set(key, record);
    this.#book.sweep(now);
    this.#remembersFrom = now;
    if (this.#book.owesAnything(now)) this.#handOver = planHandOver(NOTHING_OWED, now);
  }

  #sweep(now: number): void {
    this.#book.sweep(now);
    if (this.#book.size === 0)
      this.ctx.storage.transactionSync(() => this.#storage.dropSpareSlots());
  }

  /** One round of hand-overs to every partner that missed something, if one is due. */
  async #handOverDue(): Promise<void> {
    const now = Date.now();
    if (this.#handOver.nextAt === null || this.#handOver.nextAt > now) return;
    // What is not stored yet may be forgotten; a partner is not to hold it as decided.
    await this.#commits.storedAll();
    const owed = [...this.#book.owed(now, HAND_OVER_RECORDS)];
    const taken = await Promise.all(owed.map(([name, entries]) => this.#handTo(name, entries)));
    await this.#commits.storedAll();
    const later = Date.now();
    this.#handOver = afterHandOver(
      this.#handOver,
      { failed: taken.includes(false), stillOwed: this.#book.owesAnything(later) },
      later,
    );
  }

  /** Whether the partner took the records; those are not owed to it any more. */
  async #handTo(partner: ShardName, entries: readonly Entry[]): Promise<boolean> {
    const records = entries.map(
      ({ key, record: { attempt, expiresAt } }): HandedRecord => ({ key, attempt, expiresAt }),
    );
    const timer = startTimer(HAND_OVER_TIMEOUT_MS);
    try {
      const call = this.env.LEDGER.getByName(partner).handOver(records);
      const isTaken = await Promise.race([call.then(() => true), timer.elapsed.then(() => false)]);
      if (!isTaken) return false;
    } catch (error) {
      console.error(JSON.stringify({ event: "ledger.hand_over.failed", error: errorName(error) }));
      return false;
    } finally {
      timer.cancel();
    }
    for (const { key } of entries) this.#apply(key, { type: "taken", partner }, "durable");
    return true;
  }

  #arm(now: number): void {
    const wanted = nearest(this.#book.nextEnd, this.#handOver.nextAt);
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
