import { type Capacity, LIMITS, type ReportFrame, type ReportItem } from "@sluice/protocol";
import { currentAttempt } from "../journal/journal-state.ts";
import type { Recorder } from "./recorder.ts";
import { utf8Bytes } from "./row-part.ts";
import type { Clock, Tuning } from "./tuning.ts";
import { WakeTimer } from "./wake-timer.ts";

/** A report leaves early once this much is gathered. */
const GATHERED_ITEMS = 200;
const GATHERED_BYTES = 256 * 1024;
/** Bound of one report's items; the frame around them and the capacity fit into the rest. */
const MAX_REPORT_BYTES = LIMITS.clientFrameBytes - 128 * 1024;
/** Handlers that await their rows are held up above this, and go on below half of it. */
const HIGH_WATER_BYTES = 4 * 1024 * 1024;
/** How often a drain looks whether the last reports were answered. */
const DRAIN_POLL_MS = 10;
/** Everything of an item but its rows and words. */
const ITEM_BYTES = 256;

/** What the outbox needs of the rest of the client. */
export interface OutboxPort {
  /** Epoch of the present connection; null when there is none. */
  epoch(): number | null;
  capacity(): Capacity;
  /** Sends on the present connection. */
  send(frame: ReportFrame): void;
  /** What handlers wrote since the last time. */
  collect(): readonly ReportItem[];
  /** Whether nothing more can be expected soon: then there is nothing to gather for. */
  idle(): boolean;
}

/** Gathers items into reports, and sends each until the server says that it stored it. */
export class Outbox {
  reportsSent = 0;
  reportsResent = 0;
  readonly #recorder: Recorder;
  readonly #port: OutboxPort;
  readonly #tuning: Tuning;
  readonly #clock: Clock;
  readonly #gathering = new WakeTimer(() => this.#cut());
  readonly #repeating = new WakeTimer(() => this.transmit());
  /** Bytes of each unreported item, in their order. */
  #sizes: number[] = [];
  #bytes = 0;
  /** Reports up to this one are in the journal for good. */
  #durableSeq = 0;
  /** When and on which connection each unanswered report was last sent. */
  readonly #sent = new Map<number, { readonly epoch: number; readonly at: number }>();
  #room = Promise.resolve();
  #makeRoom: (() => void) | null = null;

  constructor(recorder: Recorder, port: OutboxPort, tuning: Tuning, clock: Clock) {
    this.#recorder = recorder;
    this.#port = port;
    this.#tuning = tuning;
    this.#clock = clock;
  }

  /** Takes over what the journal had left; all of it is durable. */
  restore(): void {
    const { state } = this.#recorder;
    this.#sizes = state.unreported.map(itemBytes);
    this.#bytes = this.#sizes.reduce((sum, size) => sum + size, 0);
    this.#durableSeq = state.nextReportSeq - 1;
  }

  /** Whether everything that was reported is stored by the server. */
  get empty(): boolean {
    const { unreported, unanswered } = this.#recorder.state;
    return unreported.length === 0 && unanswered.size === 0;
  }

  /** Records items; they leave with the next report. */
  emit(items: readonly ReportItem[]): void {
    if (items.length === 0) return;
    this.#add(items);
    this.touched();
  }

  /** Something is to be reported soon. */
  touched(): void {
    const full = this.#sizes.length >= GATHERED_ITEMS || this.#bytes >= GATHERED_BYTES;
    const quiet = this.#recorder.state.unanswered.size === 0 && this.#port.idle();
    const now = this.#clock.now();
    this.#gathering.noLaterThan(full || quiet ? now : now + this.#tuning.gatherMs, now);
  }

  /** Resolves when handlers may write more rows. */
  room(): Promise<void> {
    if (this.#bytes >= HIGH_WATER_BYTES && this.#makeRoom === null) {
      this.#room = new Promise((resolve) => {
        this.#makeRoom = resolve;
      });
    }
    return this.#room;
  }

  /** The server stored report `seq`. */
  answered(seq: number): void {
    this.#sent.delete(seq);
    if (!this.#recorder.state.unanswered.has(seq)) return;
    this.#recorder.record({ type: "reported", seq });
    this.touched();
    this.#recorder.trim();
  }

  /** Sends every report that the present connection has not carried, or carried too long ago. */
  transmit(): void {
    const epoch = this.#port.epoch();
    if (epoch === null) return;
    const now = this.#clock.now();
    for (const [seq, items] of this.#recorder.state.unanswered) {
      if (seq > this.#durableSeq) break;
      const sent = this.#sent.get(seq);
      const fresh = sent?.epoch === epoch && now - sent.at < this.#tuning.reportTimeoutMs;
      if (!fresh) this.#send(seq, epoch, items, now);
    }
    if (this.#sent.size > 0) this.#repeating.noLaterThan(now + this.#tuning.reportTimeoutMs, now);
    this.touched();
  }

  /** Waits up to `drainMs` for the last reports to be answered, while there is a connection, and stops. */
  async drain(): Promise<void> {
    const until = this.#clock.now() + this.#tuning.drainMs;
    this.touched();
    while (!this.empty && this.#port.epoch() !== null && this.#clock.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, DRAIN_POLL_MS));
    }
    this.stop();
  }

  /** Stops the timers; what is not sent stays in the journal. */
  stop(): void {
    this.#gathering.clear();
    this.#repeating.clear();
  }

  #send(seq: number, epoch: number, items: readonly ReportItem[], now: number): void {
    if (this.#sent.has(seq)) this.reportsResent++;
    this.reportsSent++;
    this.#sent.set(seq, { epoch, at: now });
    const current = items.map((item) => this.#underCurrentAttempt(item));
    this.#port.send({
      type: "report",
      epoch,
      seq,
      items: current,
      capacity: this.#port.capacity(),
    });
  }

  #underCurrentAttempt(item: ReportItem): ReportItem {
    const attempt = currentAttempt(this.#recorder.state, item);
    return attempt === item.attempt ? item : { ...item, attempt };
  }

  #add(items: readonly ReportItem[]): void {
    this.#recorder.record({ type: "items", at: this.#clock.now(), items });
    for (const item of items) {
      const size = itemBytes(item);
      this.#sizes.push(size);
      this.#bytes += size;
    }
  }

  /** Makes reports of what was gathered, as many as may be without an answer. */
  #cut(): void {
    const { state } = this.#recorder;
    if (this.#port.epoch() === null || state.unanswered.size >= this.#tuning.reportWindow) return;
    const late = this.#port.collect();
    if (late.length > 0) this.#add(late);
    if (this.#sizes.length === 0) return;
    while (this.#sizes.length > 0 && state.unanswered.size < this.#tuning.reportWindow) {
      this.#cutReport();
    }
    const lastSeq = state.nextReportSeq - 1;
    this.#recorder.afterSync(() => {
      this.#durableSeq = Math.max(this.#durableSeq, lastSeq);
      this.transmit();
    });
  }

  #cutReport(): void {
    const count = countThatFits(this.#sizes);
    const cut = this.#sizes.splice(0, count);
    this.#bytes -= cut.reduce((sum, size) => sum + size, 0);
    this.#recorder.record({ type: "report", seq: this.#recorder.state.nextReportSeq, count });
    if (this.#bytes < HIGH_WATER_BYTES / 2) {
      this.#makeRoom?.();
      this.#makeRoom = null;
    }
  }
}

/** How many items from the front go into one report: at least one. */
function countThatFits(sizes: readonly number[]): number {
  let bytes = 0;
  const most = Math.min(sizes.length, LIMITS.reportItems);
  for (let count = 0; count < most; count++) {
    bytes += sizes[count] ?? 0;
    if (bytes > MAX_REPORT_BYTES) return Math.max(1, count);
  }
  return most;
}

/** Upper bound of an item's bytes on the wire. */
function itemBytes(item: ReportItem): number {
  switch (item.event) {
    case "started":
    case "succeeded":
    case "cancelled":
      return ITEM_BYTES;
    case "progress":
      return ITEM_BYTES + jsonBytes(item.note ?? "");
    case "failed":
      return ITEM_BYTES + jsonBytes(item.error);
    case "rows":
      return ITEM_BYTES + jsonBytes(item.rows);
  }
}

function jsonBytes(value: unknown): number {
  return utf8Bytes(JSON.stringify(value));
}
