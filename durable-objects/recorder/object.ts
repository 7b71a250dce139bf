import { DurableObject } from "cloudflare:workers";
import { ok, type Page, type Result } from "@sluice/protocol";
import { AlarmClock } from "../alarm-clock.ts";
import type { Refusal } from "../client/rpc.ts";
import { errorName } from "../error-name.ts";
import { type Batch, LineBuffer } from "./line-buffer.ts";
import { pageOf, placeOf } from "./page.ts";
import { endOf, hourOf, lastEndedHour } from "./retention.ts";
import {
  type JudgedTrack,
  RECORDING_LIMITS,
  type RecorderRpc,
  type Recording,
  siteOfName,
  type Taking,
  type TrackQuery,
} from "./rpc.ts";
import { type Kept, RecorderStorage, type Setting } from "./storage.ts";
import { formatLine } from "./training-line.ts";

/** After an alarm that failed, the next try. The platform's own retries end after six. */
const ALARM_RETRY_MS = 60_000;
const NOTHING: Kept = { tracks: 0, oldestHour: null };

/**
 * Keeps movements of one site for its operator's training, while the site's owner wants it: at most so many,
 * each for at most so long. It has no tables, no alarm and no cost while it is not wanted.
 */
export class Recorder extends DurableObject<unknown> implements RecorderRpc {
  readonly #storage: RecorderStorage;
  readonly #buffer: LineBuffer;
  readonly #alarm: AlarmClock;
  readonly #siteId: string;
  /** Null while nothing is to be recorded; then nothing is stored either. */
  #setting: Setting | null = null;
  #kept: Kept = NOTHING;

  constructor(ctx: DurableObjectState, env: unknown) {
    super(ctx, env);
    this.#siteId = siteOfName(ctx.id.name);
    this.#storage = new RecorderStorage(ctx.storage.sql);
    this.#alarm = new AlarmClock(ctx.storage);
    this.#buffer = new LineBuffer({
      now: () => Date.now(),
      later: (ms, act) => {
        const timer = setTimeout(act, ms);
        return () => clearTimeout(timer);
      },
      write: (batch) => this.#write(batch),
    });
    if (!this.#storage.exists) return;
    this.#storage.migrate();
    this.#setting = this.#storage.setting();
    this.#kept = this.#storage.kept();
    ctx.blockConcurrencyWhile(async () => {
      await this.#alarm.load();
      this.#arm(Date.now());
    });
  }

  async follow(version: number, recording: Recording | null): Promise<void> {
    if (this.#setting !== null && version < this.#setting.version) return;
    if (recording === null) return this.#end();
    this.ctx.storage.transactionSync(() => {
      this.#storage.migrate();
      this.#storage.keepSetting({ version, recording });
    });
    this.#setting = { version, recording };
    this.#sweep(Date.now());
  }

  async record(track: JudgedTrack): Promise<Taking> {
    if (this.#setting === null) return "off";
    if (this.#kept.tracks + this.#buffer.size >= RECORDING_LIMITS.tracks) return "full";
    const id = crypto.randomUUID();
    this.#buffer.add(formatLine(id, this.#setting.recording, this.#siteId, track));
    return "taken";
  }

  async tracks({ cursor, limit }: TrackQuery): Promise<Result<Page<string>, Refusal>> {
    const place = placeOf(cursor);
    if (!place.ok) return place;
    if (this.#setting === null) return ok({ items: [], cursor: null });
    this.#buffer.flush();
    return ok(pageOf(this.#storage.linesFrom(place.value.seq, place.value.index), limit));
  }

  async erase(): Promise<void> {
    this.#buffer.clear();
    if (this.#setting === null) return;
    this.#storage.eraseAll();
    this.#kept = NOTHING;
  }

  override async alarm(): Promise<void> {
    this.#alarm.fired();
    try {
      this.#sweep(Date.now());
    } catch (error) {
      report("recorder.alarm.failed", error);
      await this.#alarm.retry(Date.now(), ALARM_RETRY_MS);
    }
  }

  /** Erases everything, the setting and the alarm with it. */
  async #end(): Promise<void> {
    this.#buffer.clear();
    this.#setting = null;
    this.#kept = NOTHING;
    if (!this.#storage.exists) return;
    await Promise.all([this.#alarm.clear(), this.ctx.storage.deleteAll()]);
  }

  /** What cannot be written is lost: it was for training alone, and nobody waits for it. */
  #write({ since, lines }: Batch): void {
    try {
      const hour = hourOf(since);
      this.#storage.append(hour, lines);
      const { tracks, oldestHour } = this.#kept;
      // A clock that was set back must not keep anything longer.
      this.#kept = {
        tracks: tracks + lines.length,
        oldestHour: Math.min(oldestHour ?? hour, hour),
      };
      this.#arm(Date.now());
    } catch (error) {
      report("recorder.write.failed", error);
    }
  }

  #sweep(now: number): void {
    if (this.#setting === null) return;
    this.#storage.eraseThrough(lastEndedHour(this.#setting.recording.days, now));
    this.#kept = this.#storage.kept();
    this.#arm(now);
  }

  #arm(now: number): void {
    const { oldestHour } = this.#kept;
    if (this.#setting === null || oldestHour === null) return;
    this.#alarm.arm(endOf(oldestHour, this.#setting.recording.days), now);
  }
}

/** Logs the kind of an error, never its text. */
function report(event: string, error: unknown): void {
  console.error(JSON.stringify({ level: "error", event, error: errorName(error) }));
}
