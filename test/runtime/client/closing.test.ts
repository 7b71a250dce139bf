import { evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { CLOSE_CODES, LIMITS } from "@sluice/protocol";
import { describe, expect, test } from "vitest";
import {
  HELLO_TIMEOUT_MS,
  MAX_GREETINGS,
  SILENCE_MS,
} from "../../../durable-objects/client/connection.ts";
import { aHello, anAck } from "../../builders/frames.ts";
import { task } from "../../builders/tasks.ts";
import { enrolled, freshObject, rewriteSockets, schedule, unwrap, Wire } from "./client-object.ts";

describe("a socket is closed", () => {
  test("when its token is not the client's", async () => {
    const wire = await Wire.open(await enrolled(), "b".repeat(64));
    expect(await wire.closed).toBe(CLOSE_CODES.unauthenticated);
  });

  test("when no such client was ever enrolled", async () => {
    const wire = await Wire.open(freshObject().stub);
    expect(await wire.closed).toBe(CLOSE_CODES.unauthenticated);
  });

  test("when its first frame is not hello", async () => {
    const wire = await Wire.open(await enrolled());
    wire.say(anAck());
    expect(await wire.closed).toBe(CLOSE_CODES.protocol);
  });

  test("when it says hello again", async () => {
    const wire = await Wire.connect(await enrolled());
    wire.say(aHello());
    expect(await wire.closed).toBe(CLOSE_CODES.protocol);
  });

  test.for([
    ["what is no JSON", "{"],
    ["a type that is unknown", '{"type":"howdy"}'],
    ["a binary frame", new ArrayBuffer(8)],
  ] as const)("when it says %s", async ([, data]) => {
    const wire = await Wire.connect(await enrolled());
    wire.send(data);
    expect(await wire.closed).toBe(CLOSE_CODES.protocol);
  });

  test("when its frame is too large", async () => {
    const wire = await Wire.connect(await enrolled());
    wire.send(" ".repeat(LIMITS.clientFrameBytes + 1));
    expect(await wire.closed).toBe(CLOSE_CODES.tooLarge);
  });

  test("when a newer one says hello, and not before", async () => {
    const stub = await enrolled();
    const older = await Wire.connect(stub);
    const newer = await Wire.open(stub);
    await older.ping();
    newer.say(aHello());
    expect(await older.closed).toBe(CLOSE_CODES.superseded);
    expect((await newer.next("welcome")).epoch).toBe(older.epoch + 1);
  });

  test("when the client is revoked; and whoever comes after", async () => {
    const stub = await enrolled();
    const open = await Wire.connect(stub);
    const silent = await Wire.open(stub);
    expect(await unwrap(stub.revoke())).toMatchObject({ revoked: true, online: false });
    expect(await open.closed).toBe(CLOSE_CODES.revoked);
    expect(await silent.closed).toBe(CLOSE_CODES.revoked);
    expect(await (await Wire.open(stub)).closed).toBe(CLOSE_CODES.revoked);
    await evictDurableObject(stub);
    expect(await (await Wire.open(stub)).closed).toBe(CLOSE_CODES.revoked);
  });

  test("with a farewell that says why and how long to stay away", async () => {
    const stub = await enrolled();
    const older = await Wire.connect(stub);
    await Wire.connect(stub);
    expect(await older.next("bye")).toEqual({
      type: "bye",
      code: CLOSE_CODES.superseded,
      reason: "superseded",
      retryAfterMs: 60_000,
    });
    const newer = await Wire.connect(stub);
    await unwrap(stub.revoke());
    expect(await newer.next("bye")).toMatchObject({ code: CLOSE_CODES.revoked, retryAfterMs: 0 });
  });

  test("when too many say nothing at a time", async () => {
    const stub = await enrolled();
    const greetings = await Promise.all(
      Array.from({ length: MAX_GREETINGS }, () => Wire.open(stub)),
    );
    expect(await (await Wire.open(stub)).closed).toBe(CLOSE_CODES.tooMany);
    greetings[0]?.say(aHello());
    await greetings[0]?.next("welcome");
    (await Wire.open(stub)).say(aHello());
    expect(await greetings[0]?.closed).toBe(CLOSE_CODES.superseded);
  });

  test.for(["in memory", "after a sleep"])(
    "when it says no hello in its time, %s",
    async (when) => {
      const stub = await enrolled();
      const wire = await Wire.open(stub);
      await rewriteSockets(stub, () => ({
        kind: "greeting",
        since: Date.now() - HELLO_TIMEOUT_MS,
      }));
      if (when === "after a sleep") await evictDurableObject(stub);
      expect(await runDurableObjectAlarm(stub)).toBe(true);
      expect(await wire.closed).toBe(CLOSE_CODES.noHello);
    },
  );

  test("when it has gone silent, but not while it pings", async () => {
    const stub = await enrolled();
    const long = { heardAt: Date.now() - SILENCE_MS };
    const pinging = await Wire.connect(stub);
    await pinging.ping();
    await rewriteSockets(stub, (carried) => ({ ...carried, ...long }));
    await evictDurableObject(stub);
    expect(await unwrap(stub.describe())).toMatchObject({ online: true });

    const silent = await Wire.connect(stub);
    await rewriteSockets(stub, (carried) => ({ ...carried, ...long }));
    await evictDurableObject(stub);
    expect(await unwrap(stub.describe())).toMatchObject({ online: false });
    // Some alarm fires sooner or later: here that of a task which it does not acknowledge.
    await schedule(stub, task());
    expect(await runDurableObjectAlarm(stub)).toBe(true);
    expect(await silent.closed).toBe(CLOSE_CODES.comeBackLater);
  });
});
