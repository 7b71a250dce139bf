import { describe, expect, it } from "vitest";
import { networkOf } from "../../../workers/front/network.ts";
import { readPageQuery } from "../../../workers/front/page-query.ts";
import { type BodyRule, screenBody, screenUrl } from "../../../workers/front/screen.ts";

const JSON_RULE: BodyRule = {
  kind: "text",
  mediaTypes: ["application/json"],
  maxBytes: 100,
  optional: false,
};

function screened(headers: Record<string, string>, rule: BodyRule = JSON_RULE): string {
  const outcome = screenBody(new Headers(headers), rule);
  return outcome.ok ? "passes" : outcome.error.code;
}

describe("screening by headers", () => {
  it.each([
    ["application/json", "passes"],
    ["Application/JSON; charset=UTF-8", "passes"],
    ['application/json; charset="utf-8"', "passes"],
    ["application/json; charset=latin1", "unsupported_media_type"],
    ["application/jsonp", "unsupported_media_type"],
    ["text/plain", "unsupported_media_type"],
    ["", "unsupported_media_type"],
  ])("content type %j %s", (type, expected) => {
    expect(screened({ "content-type": type })).toBe(expected);
  });

  it.each([
    ["100", "passes"],
    ["101", "body_too_large"],
    ["99999999999999999999999", "bad_request"],
    ["-1", "bad_request"],
    ["1e2", "bad_request"],
    ["0x10", "bad_request"],
  ])("content length %s %s", (length, expected) => {
    expect(screened({ "content-type": "application/json", "content-length": length })).toBe(
      expected,
    );
  });

  it.each(["gzip", "br", "deflate", "gzip, identity"])("refuses %s", (encoding) => {
    const headers = { "content-type": "application/json", "content-encoding": encoding };
    expect(screened(headers)).toBe("unsupported_media_type");
  });

  it("lets an optional body be left out, but not be of another type", () => {
    const optional: BodyRule = { ...JSON_RULE, optional: true };
    expect(screened({}, optional)).toBe("passes");
    expect(screened({}, JSON_RULE)).toBe("unsupported_media_type");
    expect(screened({ "content-type": "text/plain" }, optional)).toBe("unsupported_media_type");
  });

  it("asks for an upgrade where only sockets are spoken", () => {
    expect(screened({}, { kind: "upgrade" })).toBe("upgrade_required");
    expect(screened({ upgrade: "h2c" }, { kind: "upgrade" })).toBe("upgrade_required");
    expect(screened({ upgrade: "WebSocket" }, { kind: "upgrade" })).toBe("passes");
  });
});

it("bounds the URL", () => {
  expect(screenUrl(`https://a/${"x".repeat(4_000)}`).ok).toBe(true);
  expect(screenUrl(`https://a/${"x".repeat(5_000)}`)).toMatchObject({
    error: { code: "uri_too_long" },
  });
});

describe("the network of an address", () => {
  it.each([
    ["203.0.113.7", "203.0.113.7"],
    ["::ffff:203.0.113.7", "203.0.113.7"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:db8:1:2::", "2001:db8:1:2::/64"],
    ["2001:DB8:0001:0002::9", "2001:db8:1:2::/64"],
    ["2001:db8::1", "2001:db8:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
    ["1::2:3:4:5:6:7", "1:0:2:3::/64"],
  ])("%s counts as %s", (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});

describe("a page query", () => {
  const read = (query: string) => readPageQuery(new URLSearchParams(query));

  it("has a default and takes what is in range", () => {
    expect(read("")).toEqual({ ok: true, value: { cursor: null, limit: 100 } });
    expect(read("limit=1000&cursor=tk_1")).toEqual({
      ok: true,
      value: { cursor: "tk_1", limit: 1000 },
    });
  });

  it.each(["limit=0", "limit=1001", "limit=ten", "limit=", "limit=1.5", "limit=%201"])(
    "refuses %s",
    (query) => {
      expect(read(query)).toMatchObject({ ok: false, error: { code: "bad_request" } });
    },
  );

  it.each(["cursor=", "cursor=a%20b", `cursor=${"a".repeat(513)}`, "cursor=%00"])(
    "refuses a cursor that was never given out: %s",
    (query) => {
      expect(read(query)).toMatchObject({ ok: false, error: { code: "invalid_cursor" } });
    },
  );
});
