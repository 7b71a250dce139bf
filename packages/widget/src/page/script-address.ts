/** Whose interface a page has the widget speak: its own, or that of a vendor the page was written for. */
export const COMPATS = ["sluice", "turnstile", "recaptcha", "hcaptcha", "geetest"] as const;
export type Compat = (typeof COMPATS)[number];

/** What the address of the script says. */
export interface ScriptAddress {
  /** Base address of the service, without a slash at the end. */
  readonly service: string;
  readonly compat: Compat;
  /** Whether elements of the page are rendered without a call. */
  readonly implicit: boolean;
  /** `?render=SITEKEY`, as reCAPTCHA v3 has it. */
  readonly sitekey: string | null;
  /** Name of the page's function to call when the script is ready. */
  readonly onload: string | null;
  /** `?hl=`. */
  readonly language: string | null;
  /** Whether hCaptcha's interface stands in for reCAPTCHA's as well: its class, its global and its field. */
  readonly replacesRecaptcha: boolean;
}

export const SCRIPT_PATH = "/v1/verify/api.js";

/** The paths that the script is served at, with the interface that each stands for. */
const PATHS: readonly (readonly [path: string, compat: Compat])[] = [
  [SCRIPT_PATH, "sluice"],
  ["/turnstile/v0/api.js", "turnstile"],
  ["/recaptcha/api.js", "recaptcha"],
  ["/recaptcha/enterprise.js", "recaptcha"],
  ["/1/api.js", "hcaptcha"],
  ["/v4/gt4.js", "geetest"],
];

/**
 * Reads the address that a page loaded the script from. Wrappers append their parameters clumsily, as in
 * `api.js?compat=hcaptcha?onload=f`, so a second question mark counts as an ampersand.
 */
export function readScriptAddress(src: string): ScriptAddress {
  const [address = "", ...query] = src.replace(/#.*$/, "").split("?");
  const parameters = new URLSearchParams(query.join("&"));
  const [path, usual] = PATHS.find(([end]) => address.endsWith(end)) ?? ["", "sluice" as const];
  const render = parameters.get("render");
  return {
    service: path === "" ? originOf(address) : address.slice(0, -path.length),
    compat: COMPATS.find((compat) => compat === parameters.get("compat")) ?? usual,
    implicit: render === null || render === "onload",
    sitekey: isSitekey(render) ? render : null,
    onload: parameters.get("onload"),
    language: parameters.get("hl"),
    replacesRecaptcha: parameters.get("recaptchacompat") !== "off",
  };
}

function isSitekey(render: string | null): render is string {
  return render !== null && render !== "" && render !== "explicit" && render !== "onload";
}

function originOf(address: string): string {
  return URL.canParse(address) ? new URL(address).origin : "";
}
