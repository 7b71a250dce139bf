import type { Effect, Event, Tell } from "../machine/events.ts";
import { type Model, NEW_MODEL, type Settings, wakeAt } from "../machine/state.ts";
import { step } from "../machine/step.ts";
import type { WidgetOptions } from "../options/options.ts";
import type { Service } from "../service/call-service.ts";
import { faultOf } from "../service/check-question.ts";
import type { PointerWatch } from "../track/pointer-watch.ts";
import { isSupported } from "../view/support.ts";
import { prove } from "../work/prove.ts";
import { Display } from "./display.ts";
import { type FieldSpec, ResponseFields } from "./response-fields.ts";
import type { WakefulClock } from "./wakeful-clock.ts";

/** What the widgets of a page share. */
export interface Surroundings {
  readonly service: Service;
  /** Program of the Web Worker that proves the work. */
  readonly workerSource: string;
  readonly watch: PointerWatch;
  readonly clock: WakefulClock;
}

/** What one widget is made of. */
export interface WidgetSpec {
  readonly container: Element;
  readonly options: WidgetOptions;
  readonly fields: readonly FieldSpec[];
  /** Takes what the page is told. */
  readonly listen: Listener;
}

export type Listener = (tell: Tell) => void;

/** One widget: gives events to the machine, and does what it says. */
export class Widget {
  readonly container: Element;
  readonly #surroundings: Surroundings;
  readonly #listeners = new Set<Listener>();
  #options: WidgetOptions;
  #listen: Listener;
  readonly #settings: Settings;
  readonly #display: Display;
  readonly #fields: ResponseFields;
  #model: Model = NEW_MODEL;
  #calls = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isRemoved = false;
  #wasInPage = false;

  constructor({ container, options, fields, listen }: WidgetSpec, surroundings: Surroundings) {
    this.container = container;
    this.#options = options;
    this.#listen = listen;
    this.#surroundings = surroundings;
    this.#settings = {
      retries: options.retry === "auto",
      retryIntervalMs: options.retryIntervalMs,
      refreshExpired: options.refreshExpired,
      refreshTimeout: options.refreshTimeout,
      opensAtOnce: options.size === "invisible",
    };
    this.#display = new Display(container, options, surroundings.watch, (event) => this.#on(event));
    this.#fields = new ResponseFields(container, fields);
    document.addEventListener("visibilitychange", this.#onDue);
    window.addEventListener("focus", this.#onReturn);
    this.#display.show(this.#model);
  }

  get options(): WidgetOptions {
    return this.#options;
  }

  /** What the next check is for, and who is told of it, where a page says so late. All else stays. */
  amend({ action, cdata }: Pick<WidgetOptions, "action" | "cdata">, listen: Listener): void {
    this.#options = { ...this.#options, action, cdata };
    this.#listen = listen;
  }

  /** Asks for a pass, unless one is held or under way. */
  run(): void {
    this.#on({ type: "run" });
  }

  /** Gives up whatever is held or under way. Runs again at once unless the page starts the check itself. */
  reset(): void {
    this.#on({ type: "reset" });
    if (this.options.execution === "render") this.run();
  }

  /** Closes what the visitor is asked over the page, as they could themselves. */
  close(): void {
    this.#on({ type: "closed" });
  }

  /** Takes the widget out of the page. It says nothing more. */
  remove(): void {
    this.#isRemoved = true;
    this.#calls.abort();
    clearTimeout(this.#timer);
    document.removeEventListener("visibilitychange", this.#onDue);
    window.removeEventListener("focus", this.#onReturn);
    this.#display.remove();
    this.#fields.remove();
  }

  /** Tells the page of the pass that is held once more, if there is one. */
  tellAgain(): void {
    const { passed } = this;
    if (passed !== null) this.#listen({ kind: "passed", passed });
  }

  /** Tells one more of what happens; returns what ends it. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The pass that is held and has not run out; null when there is none. */
  get passed() {
    const { state } = this.#model;
    return state.phase === "passed" && this.#surroundings.clock.now() < state.untilMs
      ? state.passed
      : null;
  }

  /** Whether a pass was held and has run out. */
  get isExpired(): boolean {
    const { state, note } = this.#model;
    return state.phase === "passed" ? this.passed === null : note === "expired";
  }

  #on(event: Event): void {
    if (this.#isRemoved) return;
    const before = this.#model;
    const { model, effects } = step(before, event, this.#surroundings.clock.now(), this.#settings);
    this.#model = model;
    if (model.turn !== before.turn) {
      this.#calls.abort();
      this.#calls = new AbortController();
    }
    if (model !== before) this.#show();
    for (const effect of effects) this.#do(effect);
  }

  #show(): void {
    this.#display.show(this.#model);
    this.#fields.fill(this.passed?.pass ?? "");
    this.#arm();
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const atMs = wakeAt(this.#model);
    if (atMs === null) return;
    // A timer takes whole milliseconds, and drops what is more.
    this.#timer = setTimeout(
      this.#onDue,
      Math.max(0, Math.ceil(atMs - this.#surroundings.clock.now())),
    );
  }

  /** Timers stand still in a computer that sleeps. */
  #onReturn = (): void => this.#on({ type: "due" });

  /** Also when a page comes back to sight. */
  #onDue = (): void => {
    const isInPage = this.#display.isInPage;
    // A page that threw its element away without a word has no more use for the widget.
    if (this.#wasInPage && !isInPage) {
      this.remove();
      return;
    }
    this.#wasInPage = isInPage;
    const before = this.#model;
    this.#on({ type: "due" });
    // A timer may be early by the clock, and nothing was due yet.
    if (this.#model === before && !this.#isRemoved) this.#arm();
  };

  /** A page that is told something may reset or remove the widget; what is left to do is then void. */
  #do(effect: Effect): void {
    if (this.#isRemoved) return;
    if (effect.do === "tell") this.#tell(effect.tell);
    else if (effect.turn === this.#model.turn) void this.#call(effect, this.#calls.signal);
  }

  #call(effect: Exclude<Effect, { do: "tell" }>, signal: AbortSignal): Promise<void> {
    switch (effect.do) {
      case "ask":
        return this.#ask(effect, signal);
      case "prove":
        return this.#prove(effect, signal);
      case "solve":
        return this.#solve(effect, signal);
    }
  }

  #tell(tell: Tell): void {
    for (const listener of [this.#listen, ...this.#listeners]) listener(tell);
  }

  async #ask({ turn, path }: Effect & { do: "ask" }, signal: AbortSignal): Promise<void> {
    const { sitekey, action, cdata } = this.options;
    const question = { sitekey, action, cdata, path };
    const fault = isSupported() ? faultOf(question) : "unsupported";
    if (fault !== null) {
      const failure = { fault, retryAfterMs: 0 };
      this.#on({ type: "call_failed", turn, failure, chance: 0 });
      return;
    }
    const asked = await this.#surroundings.service.requestChallenge(question, signal);
    if (asked.ok) this.#on({ type: "asked", turn, answer: asked.value });
    else this.#on({ type: "call_failed", turn, failure: asked.error, chance: Math.random() });
  }

  async #prove({ turn, work }: Effect & { do: "prove" }, signal: AbortSignal): Promise<void> {
    const { workerSource } = this.#surroundings;
    const onProgress = (share: number) => this.#display.showProgress(share);
    const nonces = await prove(work, { workerSource, onProgress, signal }).catch(() => null);
    if (nonces !== null) this.#on({ type: "proved", turn, nonces });
  }

  async #solve({ turn, solution }: Effect & { do: "solve" }, signal: AbortSignal): Promise<void> {
    const { service } = this.#surroundings;
    const judged = await service.solve(
      { ...solution, automated: navigator.webdriver === true },
      signal,
    );
    if (judged.ok) this.#on({ type: "judged", turn, judged: judged.value });
    else this.#on({ type: "call_failed", turn, failure: judged.error, chance: Math.random() });
  }
}
