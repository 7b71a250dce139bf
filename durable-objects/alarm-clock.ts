import { rearm } from "./alarm.ts";

/** After an alarm that failed, the next try, unless another time is wanted. The platform's own retries end after six. */
const RETRY_MS = 5_000;

/** The part of the platform's storage that is used. */
interface AlarmStorage {
  getAlarm(): Promise<number | null>;
  setAlarm(at: number): Promise<void>;
  deleteAlarm(): Promise<void>;
}

/** The one alarm of an object, with what it knows of when the platform will fire it. */
export class AlarmClock {
  readonly #storage: AlarmStorage;
  #armedAt: number | null = null;
  #timesSet = 0;

  constructor(storage: AlarmStorage) {
    this.#storage = storage;
  }

  /** How often it was set since the object was started: each is a row written. */
  get timesSet(): number {
    return this.#timesSet;
  }

  /** Learns what an earlier life of the object armed. */
  async load(): Promise<void> {
    this.#armedAt = await this.#storage.getAlarm();
  }

  /** Arms it for a time, ms, unless it will fire before that anyway. */
  arm(wanted: number | null, now: number): void {
    const at = rearm({ armedAt: this.#armedAt }, wanted, now);
    if (at === null) return;
    this.#armedAt = at;
    this.#timesSet += 1;
    void this.#storage.setAlarm(at);
  }

  /** It has fired, and is armed no longer. */
  fired(): void {
    this.#armedAt = null;
  }

  /** What was to be done when it fired has failed: it fires again in a while. */
  retry(now: number, afterMs: number = RETRY_MS): Promise<void> {
    return this.#storage.setAlarm(now + afterMs);
  }

  /** It is to fire no more, until it is armed again. */
  clear(): Promise<void> {
    this.#armedAt = null;
    return this.#storage.deleteAlarm();
  }
}
