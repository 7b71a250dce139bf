import type { Pressure } from "./recent-traffic.ts";
import { type Doubt, type Weighed, weigh } from "./weigh.ts";

/** What a request says of where it comes from. All of it can be made up: it costs a script little, and some still forget. */
export interface Signals {
  readonly userAgent: string | null;
  readonly acceptLanguage: string | null;
  /** `Sec-Fetch-*` (W3C Fetch Metadata), which a page cannot set. */
  readonly fetchSite: string | null;
  readonly fetchMode: string | null;
  readonly fetchDest: string | null;
  /** Browsers send those headers over HTTPS alone. */
  readonly isSecure: boolean;
  /** `navigator.webdriver`, as the widget reports it. */
  readonly automated: boolean;
}

export type SignalReason =
  | "automated"
  | "no_user_agent"
  | "not_from_a_page"
  | "program_agent"
  | "no_language"
  | "busy_network";

/** Names that programs have who do not pretend to be a browser. */
const PROGRAM =
  /^(curl|wget|python|aiohttp|httpx|go-http|java|okhttp|apache-http|node|undici|axios|got|deno|bun|ruby|php|guzzle|perl|libwww|postman|insomnia)/i;
/** Of browsers that say so themselves. */
const DRIVEN = /HeadlessChrome|PhantomJS|Electron\/|jsdom/i;
/** Browsers that have sent Fetch Metadata since 2023 at the latest. */
const BROWSER =
  /^Mozilla\/5\.0 .*(Chrome\/1[1-9]\d|Firefox\/1[1-9]\d|Version\/1[7-9][\d.]* .*Safari)/;
/** A network that asks for so many times its allowance is not one visitor. */
const BUSY_PRESSURE = 4;

/** Reads the signals of a request. */
export function readSignals(
  { url, headers }: Pick<Request, "url" | "headers">,
  automated: boolean,
): Signals {
  return {
    userAgent: headers.get("user-agent"),
    acceptLanguage: headers.get("accept-language"),
    fetchSite: headers.get("sec-fetch-site"),
    fetchMode: headers.get("sec-fetch-mode"),
    fetchDest: headers.get("sec-fetch-dest"),
    isSecure: url.startsWith("https:"),
    automated,
  };
}

/** How much is left of a visitor's value after what the request and its network say. */
export function weighSignals(signals: Signals, pressure: Pressure): Weighed<SignalReason> {
  const { userAgent, acceptLanguage } = signals;
  const doubts: Doubt<SignalReason>[] = [];
  if (signals.automated || DRIVEN.test(userAgent ?? "")) doubts.push(["automated", 0.3]);
  if (userAgent === null || userAgent === "") doubts.push(["no_user_agent", 0.4]);
  if (!isFromPage(signals)) doubts.push(["not_from_a_page", 0.4]);
  if (PROGRAM.test(userAgent ?? "")) doubts.push(["program_agent", 0.6]);
  if (acceptLanguage === null || acceptLanguage === "") doubts.push(["no_language", 0.7]);
  if (pressure.network > BUSY_PRESSURE) doubts.push(["busy_network", 0.8]);
  return weigh(1, doubts);
}

/**
 * Whether the headers can be those of a page's `fetch` that reads its answer: such a request is no
 * navigation, loads no picture, and has its mode set by the browser.
 */
function isFromPage({ userAgent, fetchSite, fetchMode, fetchDest, isSecure }: Signals): boolean {
  if (fetchSite === "none") return false;
  if (fetchMode !== null && fetchMode !== "cors" && fetchMode !== "same-origin") return false;
  if (fetchDest !== null && fetchDest !== "empty") return false;
  const shouldSay = isSecure && BROWSER.test(userAgent ?? "");
  return !shouldSay || fetchMode !== null;
}
