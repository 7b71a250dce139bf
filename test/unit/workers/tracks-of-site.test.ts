import { fail, ok } from "@sluice/protocol";
import { describe, expect, it } from "vitest";
import type { RecorderRpc } from "../../../durable-objects/recorder/rpc.ts";
import { FIRST_ACCOUNT, formatAccountId } from "../../../workers/keys/index.ts";
import {
  asOperator,
  idOf,
  keyOf,
  NOW,
  OTHER_ACCOUNT,
  RING_TEXT,
  startFront,
  verdictOf,
} from "./front-fixture.ts";

const LINES = ['{"id":"a","label":1,"pts":[[0,0,0]]}', '{"id":"b","label":1,"pts":[[0,0,0]]}'];

async function call(
  method: string,
  query = "",
  { answers = {}, accept = "*/*", gone = false, sitekey = "" }: CallOptions = {},
) {
  const front = startFront({
    recorderAnswers: answers,
    ...(gone && {
      registryAnswers: { getEntry: async () => fail({ code: "not_found", detail: "gone" }) },
    }),
  });
  const key = sitekey === "" ? await keyOf("site") : sitekey;
  const { headers, ...init } = await asOperator(method);
  const path = `/v1/sites/${key}/tracks${query}`;
  const response = await front.call(path, { ...init, headers: { ...headers, accept } });
  const name = `${formatAccountId(FIRST_ACCOUNT)}:${await idOf(key)}`;
  return { response, calls: front.recorders.calls, name };
}

interface CallOptions {
  readonly answers?: Partial<RecorderRpc>;
  readonly accept?: string;
  /** The registry has no such site any more. */
  readonly gone?: boolean;
  readonly sitekey?: string;
}

const tracks = async () => ok({ items: LINES, cursor: "3.7" });
const lastTracks = async () => ok({ items: LINES, cursor: null });

describe("listing what is kept of a site", () => {
  it("asks the site's own recorder for a page", async () => {
    const { response, calls, name } = await call("GET", "?cursor=1.2&limit=5", {
      answers: { tracks },
    });
    expect(calls).toEqual([{ name, method: "tracks", args: [{ cursor: "1.2", limit: 5 }] }]);
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(await response.json()).toEqual({
      items: LINES.map((line) => JSON.parse(line)),
      cursor: "3.7",
    });
  });

  it("says at the end that there is no more", async () => {
    const { response } = await call("GET", "", { answers: { tracks: lastTracks } });
    expect(await response.json()).toMatchObject({ cursor: null });
  });

  it("gives the lines themselves to whoever asks for them", async () => {
    const accept = "application/x-ndjson";
    const { response } = await call("GET", "", { answers: { tracks }, accept });
    expect(response.headers.get("content-type")).toBe(accept);
    expect(response.headers.get("next-cursor")).toBe("3.7");
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await response.text()).toBe(LINES.map((line) => `${line}\n`).join(""));
    const last = await call("GET", "", { answers: { tracks: lastTracks }, accept });
    expect(last.response.headers.get("next-cursor")).toBeNull();
  });

  it("passes on that a cursor is none", async () => {
    const refused = async () => fail({ code: "invalid_cursor", detail: "none" } as const);
    const { response } = await call("GET", "?cursor=x", { answers: { tracks: refused } });
    expect(await verdictOf(response)).toBe("400 invalid_cursor");
  });

  it.each(["?limit=0", "?limit=1001", "?cursor="])("refuses %s and asks nobody", async (query) => {
    const { response, calls } = await call("GET", query);
    expect(response.status).toBe(400);
    expect(calls).toEqual([]);
  });
});

describe("erasing what is kept of a site", () => {
  it("answers when it is erased", async () => {
    const { response, calls, name } = await call("DELETE", "", {
      answers: { erase: async () => undefined },
    });
    expect(response.status).toBe(204);
    expect(calls).toEqual([{ name, method: "erase", args: [] }]);
  });

  it("says when it could not be", async () => {
    const { response } = await call("DELETE", "", {
      answers: { erase: () => Promise.reject(new Error("a secret of the object")) },
    });
    expect(response.headers.get("retry-after")).toBe("5");
    expect(await response.text()).not.toContain("a secret");
  });
});

describe.each(["GET", "DELETE"])("%s of the tracks", (method) => {
  it("of a site that is no more, or another account's, is not found, and no recorder is woken", async () => {
    const foreign = await keyOf("site", NOW, RING_TEXT, { account: OTHER_ACCOUNT });
    for (const options of [{ gone: true }, { sitekey: foreign }]) {
      const { response, calls } = await call(method, "", options);
      expect(await verdictOf(response)).toBe("404 not_found");
      expect(calls).toEqual([]);
    }
  });
});
