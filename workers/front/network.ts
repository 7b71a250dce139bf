const GROUPS = 8;
const NETWORK_GROUPS = 4;
const MAPPED_V4 = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i;

/**
 * What an address is limited by: an IPv4 address itself, and of an IPv6 address its /64, because one
 * subscriber holds all of that (RFC 6177). IPv4 written as IPv6 counts as IPv4.
 */
export function networkOf(address: string): string {
  const mapped = MAPPED_V4.exec(address);
  if (mapped?.[1] !== undefined) return mapped[1];
  return address.includes(":") ? prefixOf(address) : address;
}

function prefixOf(address: string): string {
  const [head = "", tail] = address.toLowerCase().split("::", 2);
  const before = groupsOf(head);
  const after = tail === undefined ? [] : groupsOf(tail);
  const gap = Array<string>(Math.max(0, GROUPS - before.length - after.length)).fill("0");
  const groups = [...before, ...gap, ...after].slice(0, NETWORK_GROUPS);
  return `${groups.map((group) => group.replace(/^0+(?=.)/, "")).join(":")}::/64`;
}

function groupsOf(text: string): string[] {
  return text === "" ? [] : text.split(":", GROUPS);
}
