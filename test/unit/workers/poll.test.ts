import { LIMITS, parsePoll } from "@sluice/protocol";
import fc from "fast-check";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { OBJECT_TIMEOUT_MS } from "../../../workers/front/call-object.ts";
import { FIRST_ACCOUNT, formatAccountId, hashKey } from "../../../workers/keys/index.ts";
import { aHello, anAck } from "../../builders/frames.ts";
import { accountRecord, PublishedRecords } from "../../builders/published-records.ts";
import {
  enrolledClient,
  type FrontOptions,
  operatorKey,
  requestWith,
  startFront,
  verdictOf,
} from "./front-fixture.ts";

const ANSWER = '{"seq":1,"frames":[]}';
const ACCOUNT = formatAccountId(FIRST_ACCOUNT);

/** A front whose objects answer polls, and a client that polls at it. */
async function polling(options: FrontOptions = {}) {
  const { clientId, token } = await enrolledClient();
  const front = startFront({ answers: { poll: async () => ANSWER }, ...options });
  const poll = (body: unknown, key = token) =>
    front.call("/v1/poll", requestWith(key, "POST", body));
  return { front, clientId, token, poll };
}

describe("polling", () => {
  it("hands the frames and the hash of the token to the client's object, and its answer back", async () => {
    const { front, clientId, token, poll } = await polling();
    const body = { epoch: 3, frames: [anAck()], waitMs: 10 };
    const response = await poll(body);
    expect(response.status).toBe(200);
    expect(await response.text()).toBe(ANSWER);
    expect(front.clients.calls).toEqual([
      { name: clientId, method: "poll", args: [hashKey(token), { ...body, fault: null }] },
    ]);
  });

  it("hands on what was wrong with a frame, so that the object ends the connection", async () => {
    const { front, poll } = await polling();
    expect((await poll({ frames: [{ type: "batch" }] })).status).toBe(200);
    expect(front.clients.calls[0]?.args[1]).toMatchObject({ fault: { closeCode: 4400 } });
  });

  it("counts as polls do, and as a connection only where hello is said", async () => {
    const { front, clientId, poll } = await polling();
    await poll({ epoch: 1 });
    expect(front.limited).toContain(`KEY_LIMIT ${clientId}`);
    expect(front.limited).not.toContain(`CLIENT_LIMIT ${clientId}`);
    await poll({ frames: [aHello()] });
    expect(front.limited).toContain(`CLIENT_LIMIT ${clientId}`);
  });

  it.each([
    ["ADDRESS_LIMIT", { epoch: 1 }],
    ["KEY_LIMIT", { epoch: 1 }],
    ["CLIENT_LIMIT", { frames: [aHello()] }],
  ])("over %s is turned away with 429, and wakes nothing", async (limiter, body) => {
    const { front, poll } = await polling({ exhausted: [limiter] });
    const response = await poll(body);
    expect(response.status).toBe(429);
    expect(response.headers.get("retry-after")).toBe("60");
    expect(front.clients.stubs).toBe(0);
  });

  it("is not for other keys, and wakes nothing for them", async () => {
    const { front, poll } = await polling();
    for (const key of [await operatorKey(), `ct_${"A".repeat(60)}`]) {
      expect(await verdictOf(await poll({}, key))).toBe("401 invalid_key");
    }
    expect(front.clients.stubs).toBe(0);
  });

  it("does not take up the account's requests under way, but its rate", async () => {
    const records = new PublishedRecords();
    const limits = { requestsInFlight: 1, requestsPerMinute: 3 };
    records.publish("account", ACCOUNT, accountRecord(ACCOUNT, { limits }));
    const waiting: ((answer: string) => void)[] = [];
    const answers = { poll: () => new Promise<string>((resolve) => waiting.push(resolve)) };
    const { poll } = await polling({ records, answers });
    const held = [poll({ epoch: 1 }), poll({ epoch: 1 }), poll({ epoch: 1 })];
    await expect.poll(() => waiting.length).toBe(held.length);
    expect(await verdictOf(await poll({ epoch: 1 }))).toBe("429 rate_limited");
    for (const answer of waiting) answer(ANSWER);
    for (const response of await Promise.all(held)) expect(response.status).toBe(200);
  });

  it("is not tried twice when its object cannot be reached", async () => {
    const lost = Object.assign(new Error("lost"), { retryable: true });
    const { front, poll } = await polling({ answers: { poll: () => Promise.reject(lost) } });
    expect(await verdictOf(await poll({ epoch: 1 }))).toBe("503 unavailable");
    expect(front.clients.calls).toHaveLength(1);
  });

  it("is held for as long as it asks, and given up when its object hangs", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const { promise: never } = Promise.withResolvers<string>();
    const asked: number[] = [];
    const answers = {
      poll: (_hash: string, { waitMs }: { readonly waitMs: number }) => {
        asked.push(waitMs);
        return never;
      },
    };
    const { poll } = await polling({ answers });
    const waitMs = 2 * OBJECT_TIMEOUT_MS;
    let verdict = "none yet";
    void poll({ epoch: 1, waitMs }).then(async (response) => {
      verdict = await verdictOf(response);
    });
    while (asked.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await vi.advanceTimersByTimeAsync(waitMs + OBJECT_TIMEOUT_MS - 1);
    expect(verdict).toBe("none yet");
    await vi.advanceTimersByTimeAsync(1);
    await expect.poll(() => verdict).toBe("503 unavailable");
  });

  it("with whatever body is answered without a 5xx, and no object hears of what is no poll", async () => {
    const { token } = await enrolledClient();
    const near = fc.record(
      { epoch: fc.jsonValue(), frames: fc.array(fc.jsonValue()), waitMs: fc.integer() },
      { requiredKeys: [] },
    );
    const bodies = fc.oneof(
      fc.string({ unit: "binary", minLength: 1 }),
      fc.json(),
      near.map((body) => JSON.stringify(body)),
    );
    await fc.assert(
      fc.asyncProperty(bodies, async (body) => {
        const front = startFront({ answers: { poll: async () => ANSWER } });
        const response = await front.call("/v1/poll", requestWith(token, "POST", body));
        const fits = parsePoll(new TextDecoder().decode(new TextEncoder().encode(body))).ok;
        expect(response.status).toBe(fits ? 200 : 400);
        expect(front.clients.stubs).toBe(fits ? 1 : 0);
        expect(front.log).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it("takes a body with room for the largest frame, and none beyond", async () => {
    const { front, poll } = await polling();
    const padded = (bytes: number) => `{"epoch":1${" ".repeat(bytes - 11)}}`;
    expect((await poll(padded(LIMITS.clientFrameBytes + 1_024))).status).toBe(200);
    expect((await poll(padded(LIMITS.pollBytes + 1))).status).toBe(413);
    expect(front.clients.stubs).toBe(1);
  });
});
