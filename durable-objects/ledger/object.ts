import { DurableObject } from "cloudflare:workers";
import { nearest } from "../alarm.ts";
import { AlarmClock } from "../alarm-clock.ts";
import { errorName } from "../error-name.ts";
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
  Claim,
  Durability,
  HandedRecord,
  Held,
  LedgerNamespace,
  LedgerRpc,
  LedgerUsage,
  RecordKey,
  ShardName,
  TrackGroup,
  TrackSketch,
} from "./rpc.ts";
import { LedgerStorage, MAX_SEGMENT_RECORDS } from "./storage.ts";
import { TrackMemory } from "./track-memory.ts";

/** A partner that has not taken the records by then is asked again later. */
const HAND_OVER_TIMEOUT_MS = 5_000;

type KeyEvent = RecordEvent & { readonly key: RecordKey };

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
  readonly #tracks: TrackMemory;
  readonly #alarm: AlarmClock;
  #book = new LedgerBook();
  /** What was claimed "soon" before then may be missing from the book. */
  #remembersFrom = 0;
  #handOver: HandOverPlan = NOTHING_OWED;
  #recordsMade = 0;

  constructor(ctx: DurableObjectState, env: LedgerEnvironment) {
    super(ctx, env);
    this.#storage = new LedgerStorage(ctx.storage.sql);
    this.#alarm = new AlarmClock(ctx.storage);
    const clock = {
      now: () => Date.now(),
      later: (ms: number, act: () => void) => {
        const timer = setTimeout(act, ms);
        return () => clearTimeout(timer);
      },
    };
    this.#commits = new GroupCommit({ ...clock, write: (records) => this.#write(records) });
    this.#storage.migrate();
    this.#tracks = new TrackMemory(this.#storage, clock, () => this.#arm(Date.now()));
    this.#load();
    ctx.blockConcurrencyWhile(async () => {
      await this.#alarm.load();
      this.#arm(Date.now());
    });
  }

  async claim(claims: readonly Claim[], durability: Durability): Promise<readonly Held[]> {
    const events = claims.map(({ key, attempt }): KeyEvent => ({ key, type: "claim", attempt }));
    return this.#answer(events, durability);
  }

  async markSolo(key: RecordKey, attempt: AttemptId, partner: ShardName): Promise<Held> {
    return this.#answerOne({ key, type: "markSolo", attempt, partner });
  }

  async settle(key: RecordKey, attempt: AttemptId): Promise<Held> {
    return this.#answerOne({ key, type: "settle", attempt });
  }

  async handOver(records: readonly HandedRecord[]): Promise<void> {
    const handed = records.map((record): KeyEvent => ({ type: "handedOver", ...record }));
    this.#apply(handed, "durable");
    await this.#commits.storedAll();
  }

  async recallTrack(groups: readonly TrackGroup[], sketch: TrackSketch): Promise<boolean> {
    return this.#tracks.recall(groups, sketch);
  }

  async usage(): Promise<LedgerUsage> {
    return {
      rowsWritten: this.#storage.rowsWritten,
      alarmsSet: this.#alarm.timesSet,
      recordsMade: this.#recordsMade,
    };
  }

  override async alarm(): Promise<void> {
    this.#alarm.fired();
    try {
      this.#sweep(Date.now());
      await this.#handOverDue();
      this.#arm(Date.now());
    } catch (error) {
      console.error(JSON.stringify({ event: "ledger.alarm.failed", error: errorName(error) }));
      await this.#alarm.retry(Date.now());
    }
  }

  async #answerOne(event: KeyEvent): Promise<Held> {
    const [held] = await this.#answer([event], "durable");
    if (held === undefined) throw new TypeError("one event has one answer");
    return held;
  }

  /** Lets events happen and answers with what is then held, once that is committed or at once. */
  async #answer(events: readonly KeyEvent[], durability: Durability): Promise<Held[]> {
    const records = this.#apply(events, durability);
    const isSoon = durability === "soon";
    if (!isSoon) await this.#commits.stored(events.map(({ key }) => key));
    return records.map((record) => {
      if (record === null) throw new TypeError("a call about a key leaves a record of it");
      return heldOf(record, isSoon ? this.#remembersFrom : 0);
    });
  }

  /** Lets events happen, all of them in one commit; the records after them, in order. */
  #apply(events: readonly KeyEvent[], durability: Durability): (LedgerRecord | null)[] {
    const now = Date.now();
    const changes: [RecordKey, LedgerRecord][] = [];
    const records = events.map((event) => {
      const before = this.#book.get(event.key);
      const after = transition(before, event, now);
      if (after !== null && after !== before) {
        if (after.expiresAt !== before?.expiresAt) this.#recordsMade += 1;
        this.#book.set(event.key, after);
        if (after.owedTo.length > 0) this.#handOver = planHandOver(this.#handOver, now);
        changes.push([event.key, after]);
      }
      return after;
    });
    this.#commits.put(changes, durability);
    return records;
  }

  /** Writes one commit. If it fails nothing of it is stored, and what is in memory is built anew. */
  #write(records: ReadonlyMap<RecordKey, LedgerRecord>): void {
    const now = Date.now();
    const entries = [...records].map(([key, record]): Entry => ({ key, record }));
    try {
      // A single statement is whole or not at all by itself, and a transaction would cost as much again.
      if (entries.length <= MAX_SEGMENT_RECORDS) this.#storage.append(entries, now);
      else this.ctx.storage.transactionSync(() => this.#storage.append(entries, now));
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
    this.#tracks.sweep(now);
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
    const taken = entries.map(({ key }): KeyEvent => ({ key, type: "taken", partner }));
    this.#apply(taken, "durable");
    return true;
  }

  #arm(now: number): void {
    const wanted = nearest(
      nearest(this.#book.nextEnd, this.#tracks.nextEnd),
      this.#handOver.nextAt,
    );
    this.#alarm.arm(wanted, now);
  }
}
