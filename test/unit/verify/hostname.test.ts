import { describe, expect, it } from "vitest";
import { hostnameOfOrigin, isListed } from "../../../workers/verify/hostname.ts";

describe("the hostname of a page", () => {
  it.each([
    ["https://shop.example", "shop.example"],
    ["http://shop.example:8080", "shop.example"],
    ["http://localhost:3000", "localhost"],
    ["http://127.0.0.1", "127.0.0.1"],
    ["https://xn--bcher-kva.example", "xn--bcher-kva.example"],
  ])("of %s is %s", (origin, hostname) => {
    expect(hostnameOfOrigin(origin)).toBe(hostname);
  });

  it.each([
    null,
    "",
    "null",
    "shop.example",
    "https://shop.example/",
    "https://shop.example/path",
    "https://SHOP.example",
    "https://user@shop.example",
    "https://shop.example, https://other.example",
    "file://",
    "chrome-extension://abcdef",
    "ftp://shop.example",
    `https://${"a".repeat(400)}.example`,
  ])("is none in %j", (origin) => {
    expect(hostnameOfOrigin(origin)).toBeNull();
  });
});

describe("a site's list of hostnames", () => {
  const listed = ["shop.example", "*.app.example"];

  it.each(["shop.example", "a.app.example", "b.a.app.example"])("has %s", (hostname) => {
    expect(isListed(listed, hostname)).toBe(true);
  });

  it.each([
    "www.shop.example",
    "app.example",
    ".app.example",
    "evilapp.example",
    "shop.example.evil.example",
    "localhost",
    "127.0.0.1",
    "*.app.example".slice(1),
  ])("has not %s", (hostname) => {
    expect(isListed(listed, hostname)).toBe(false);
  });

  it("has the local machine when it is listed", () => {
    expect(isListed(["localhost", "127.0.0.1"], "localhost")).toBe(true);
  });
});
