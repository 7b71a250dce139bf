export const THEMES = ["auto", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

/** `invisible` shows nothing in its place; what a visitor must do comes in a dialog. */
export const SIZES = ["normal", "flexible", "compact", "invisible"] as const;
export type Size = (typeof SIZES)[number];

/** When the box is seen: always, once it runs, or only when the visitor has something to do. */
export const APPEARANCES = ["always", "execute", "interaction-only"] as const;
export type Appearance = (typeof APPEARANCES)[number];

/** Whether the check begins by itself or waits for `execute`. */
export const EXECUTIONS = ["render", "execute"] as const;
export type Execution = (typeof EXECUTIONS)[number];

export const RETRIES = ["auto", "never"] as const;
export type Retry = (typeof RETRIES)[number];

/** What happens when a pass or a challenge has run out. */
export const REFRESHES = ["auto", "manual", "never"] as const;
export type Refresh = (typeof REFRESHES)[number];

/** A function of the page that is told something. */
export type Callback = (...said: readonly unknown[]) => unknown;

/** What a page may be told, by the name of the option without hyphens. */
export const CALLBACKS = [
  "callback",
  "errorcallback",
  "expiredcallback",
  "timeoutcallback",
  "beforeinteractivecallback",
  "afterinteractivecallback",
  "unsupportedcallback",
  "opencallback",
  "closecallback",
  "chalexpiredcallback",
] as const;
export type CallbackName = (typeof CALLBACKS)[number];

/** How a page wants a widget to be. */
export interface WidgetOptions {
  /** Empty where the page names none. */
  readonly sitekey: string;
  readonly action: string | null;
  readonly cdata: string | null;
  readonly theme: Theme;
  readonly size: Size;
  /** A language tag; null takes the browser's. */
  readonly language: string | null;
  readonly appearance: Appearance;
  readonly execution: Execution;
  readonly retry: Retry;
  readonly retryIntervalMs: number;
  readonly refreshExpired: Refresh;
  readonly refreshTimeout: Refresh;
  /** Whether the pass is put into a field of the form. */
  readonly responseField: boolean;
  /** Null takes the name that the dialect has for it. */
  readonly responseFieldName: string | null;
  readonly tabindex: number;
  readonly callbacks: { readonly [Name in CallbackName]?: Callback };
}
