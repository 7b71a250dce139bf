/** Why a widget has no pass for its page, in words of its own; each dialect has its vendor's for them. */
export type Fault =
  /** The sitekey is missing or has not the form of one. */
  | "invalid_sitekey"
  /** No site has this key. */
  | "unknown_sitekey"
  /** The page's host is none of the site's. */
  | "wrong_hostname"
  | "invalid_action"
  | "invalid_cdata"
  /** The service could not be reached, or could not answer. */
  | "unavailable"
  /** Too many checks came from here of late. */
  | "limited"
  /** The visitor was not believed to be one. */
  | "refused"
  /** The visitor closed what was asked. */
  | "closed"
  /** The browser lacks what the widget needs. */
  | "unsupported";

/** Faults that pass by themselves; all others stay until the page, the site or the visitor does something. */
export function isPassing(fault: Fault): boolean {
  return fault === "unavailable" || fault === "limited";
}
