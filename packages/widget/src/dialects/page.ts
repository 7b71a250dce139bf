import type { ScriptAddress } from "../page/script-address.ts";
import type { Widgets } from "../widget/widgets.ts";

/** What an interface for pages is made from. */
export interface Page {
  readonly widgets: Widgets;
  readonly address: ScriptAddress;
  /** Calls back once the document is there and its elements are rendered. */
  readonly whenReady: (callback: () => void) => void;
}

/** An interface for pages: whose global it installs, and how elements of the page become widgets. */
export interface Dialect {
  /** Names of globals with what they hold. */
  readonly globals: { readonly [name: string]: unknown };
  /** Classes of elements that are rendered without a call. */
  readonly classNames: readonly string[];
  /** Renders an element of those classes by its `data-` attributes. */
  renderElement(element: HTMLElement): void;
  /** What the page left for the vendor's script to call when it is ready. */
  readonly waiting?: () => readonly (() => unknown)[];
}
