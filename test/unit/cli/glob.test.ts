import { matchesGlob } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseGlob } from "../../../packages/cli/src/collectors/glob.ts";

function parsed(glob: string) {
  const result = parseGlob(glob);
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

describe.skipIf(process.platform === "win32")("a glob", () => {
  it.each([
    ["/etc/*.conf", "/etc/", 1],
    ["/etc/*/x.conf", "/etc/", 2],
    ["/var/log/**/*.log", "/var/log/", Number.POSITIVE_INFINITY],
    ["/etc/passwd", "/etc/", 1],
    ["/*", "/", 1],
    ["/home/{a,b}/.ssh/*", "/home/", 3],
    ["/srv/[ab]/x", "/srv/", 2],
  ])("%s searches %s, %d levels deep", (glob, root, maxDepth) => {
    expect(parsed(glob)).toMatchObject({ root, maxDepth });
  });

  it.each([
    ["/etc/*.conf", "host.conf", true],
    ["/etc/*.conf", "apt/apt.conf", false],
    ["/etc/*.conf", ".hidden.conf", true],
    ["/home/**/authorized_keys", "me/.ssh/authorized_keys", true],
    ["/etc/passwd", "passwd", true],
    ["/etc/passwd", "passwd-", false],
    ["/etc/?.d", "a.d", true],
    ["/etc/!*", "a", false],
    ["/srv/**/x", "x", true],
    ["/srv/**/x", "a/b/x", true],
    ["/srv/**/x/**/y", "a/x/b/c/y", true],
    ["/srv/**/x/**/y", "a/b/c/y", false],
    ["/srv/a**b", "axxb", true],
    ["/srv/a**b", "a/b", false],
    ["/srv/*", "a/b", false],
    ["/srv/[a-c]1", "b1", true],
    ["/srv/[!a-c]1", "b1", false],
    ["/srv/[^a-c]1", "d1", true],
    ["/srv/[a-]", "-", true],
    ["/srv/?", "é", true],
    ["/srv/?", "🙂", true],
    ["/srv/{a,b/c}.txt", "b/c.txt", true],
    ["/srv/{a,b/c}.txt", "c.txt", false],
    ["/srv/x{,.gz}", "x", true],
    ["/srv/+(a|b)", "+(a|b)", true],
    ["/srv/*a*b*", "xaxxbx", true],
    ["/srv/*a*b*", "xbxxax", false],
  ])("%s and %s: %s", (glob, path, matches) => {
    expect(parsed(glob).matches(path)).toBe(matches);
  });

  it("is not slowed down by a name that is made for it", () => {
    // A backtracking matcher would need some 250 over 20 steps for this.
    const slow = parsed(`/srv/${"*a".repeat(20)}*b`);
    expect(slow.matches("a".repeat(250))).toBe(false);
  });

  it("agrees with Node's matcher on plain wildcards", () => {
    const pattern = fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), maxLength: 8 });
    const name = fc.string({ unit: fc.constantFrom("a", "b"), minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(pattern, name, (wild, candidate) => {
        // Alone between slashes `**` means directories.
        fc.pre(wild !== "" && !/^\*\*+$/.test(wild));
        expect(parsed(`/srv/${wild}`).matches(candidate)).toBe(matchesGlob(candidate, wild));
      }),
    );
  });
});
