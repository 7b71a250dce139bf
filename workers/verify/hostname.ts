/** A scheme, the longest hostname (RFC 1035, section 2.3.4) and a port. */
const MAX_ORIGIN_CHARACTERS = 300;
const WILDCARD = "*.";

/**
 * The hostname of the page that a request comes from, as its browser says in `Origin`; null where there is
 * none, or none of a web page. A page cannot write this header; a program can, and is judged otherwise.
 */
export function hostnameOfOrigin(origin: string | null): string | null {
  if (origin === null || origin.length > MAX_ORIGIN_CHARACTERS) return null;
  const url = URL.parse(origin);
  if (url === null || url.origin !== origin) return null;
  return url.protocol === "https:" || url.protocol === "http:" ? url.hostname : null;
}

/** Whether a hostname is one of a site's: by its whole name, or under one that is listed as `*.`. */
export function isListed(hostnames: readonly string[], hostname: string): boolean {
  return hostnames.some((listed) =>
    listed.startsWith(WILDCARD) ? isUnder(listed.slice(1), hostname) : listed === hostname,
  );
}

/** `suffix` begins with its dot. */
function isUnder(suffix: string, hostname: string): boolean {
  return hostname.length > suffix.length && hostname.endsWith(suffix);
}
