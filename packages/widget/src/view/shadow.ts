import type { Texts } from "../languages/texts.ts";
import type { Theme } from "../options/options.ts";
import { build } from "./build.ts";
import { markMade } from "./made.ts";
import { dress } from "./stylesheet.ts";

/** How a widget looks and what it speaks. */
export interface Looks {
  readonly theme: Theme;
  readonly texts: Texts;
}

/** An element of the page with a tree of its own, which the page neither styles nor reaches into. */
export interface Shadow {
  readonly host: HTMLElement;
  readonly root: ShadowRoot;
}

/**
 * Makes a host with a closed tree. `role` names the host to whoever inspects the page. A tree is one place in
 * the page's order of Tab, so a `tabindex` above 0 is the host's, who hands the focus on.
 */
export function makeShadow(role: string, { theme, texts }: Looks, tabindex = 0): Shadow {
  const host = markMade(build("div", { "data-sluice": role, lang: texts.tag, dir: "ltr" }));
  const root = host.attachShadow({ mode: "closed", delegatesFocus: tabindex > 0 });
  if (tabindex > 0) host.tabIndex = tabindex;
  dress(root);
  host.dataset.theme = theme;
  return { host, root };
}
