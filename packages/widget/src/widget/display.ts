import type { Track } from "@sluice/protocol";
import { chooseTexts } from "../languages/choose-texts.ts";
import type { Event } from "../machine/events.ts";
import type { Model } from "../machine/state.ts";
import { viewOf } from "../machine/view.ts";
import type { WidgetOptions } from "../options/options.ts";
import { ANYWHERE, type PointerWatch } from "../track/pointer-watch.ts";
import { Panel } from "../view/panel.ts";
import { makeShadow, type Shadow } from "../view/shadow.ts";
import { TickBox } from "../view/tick-box.ts";

/** What a page shows of one widget: the box in its place, and the panel over the page. */
export class Display {
  readonly #options: WidgetOptions;
  readonly #shadow: Shadow;
  readonly #box: TickBox;
  readonly #panel: Panel;

  /** `say` takes what the visitor does. */
  constructor(
    container: Element,
    options: WidgetOptions,
    watch: PointerWatch,
    say: (event: Event) => void,
  ) {
    this.#options = options;
    const wanted = options.language === null ? navigator.languages : [options.language];
    const looks = { theme: options.theme, texts: chooseTexts(wanted) };
    this.#shadow = makeShadow("widget", looks, options.tabindex);
    this.#shadow.host.dataset.size = options.size;
    const onTick = (track: Track | null) => say({ type: "ticked", track });
    this.#box = new TickBox(looks.texts, Math.min(0, options.tabindex), watch, {
      onTick,
      onInterest: () => say({ type: "interest" }),
    });
    this.#panel = new Panel(looks, watch, {
      onTick,
      onPlace: (answer, track) => say({ type: "placed", answer, track }),
      onAnother: () => say({ type: "another_picture" }),
      onDecline: () => say({ type: "picture_declined", track: watch.trackTo(ANYWHERE) }),
      onClose: () => say({ type: "closed" }),
    });
    this.#shadow.root.append(this.#box.element);
    container.append(this.#shadow.host);
  }

  show(model: Model): void {
    const isInvisible = this.#options.size === "invisible";
    const { place, box, panel } = viewOf(model, this.#options.appearance);
    this.#shadow.host.dataset.place = isInvisible ? "hidden" : place;
    this.#box.show(box);
    if (panel === null) this.#panel.hide();
    else this.#panel.show(panel, isInvisible ? null : this.#box.element);
  }

  showProgress(share: number): void {
    this.#panel.showProgress(share);
  }

  /** Whether the widget's place is in the page. */
  get isInPage(): boolean {
    return this.#shadow.host.isConnected;
  }

  remove(): void {
    this.#panel.hide();
    this.#shadow.host.remove();
  }
}
