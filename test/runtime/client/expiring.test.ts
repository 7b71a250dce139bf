import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { task } from "../../builders/tasks.ts";
import {
  type ClientStub,
  enrolled,
  schedule,
  state,
  TOKEN_HASH,
  unwrap,
  Wire,
} from "./client-object.ts";

const SOON_MS = 300;
const LATER_MS = 3_600_000;

const expiring = (ms: number) => enrolled({ expiresAtMs: Date.now() + ms });

/** Everything that an object has stored, whatever table it is in, and its alarm. */
function remains(stub: ClientStub): Promise<unknown> {
  return runInDurableObject(stub, async (_, { storage }) => ({
    tables: storage.sql
      .exec("SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_cf%' ESCAPE '\\'")
      .toArray(),
    alarm: await storage.getAlarm(),
  }));
}
const NOTHING = { tables: [], alarm: null };

async function gone(stub: ClientStub): Promise<void> {
  while ((await stub.describe()).ok) await scheduler.wait(20);
}

describe("a client that was enrolled for a while", () => {
  test("says when it ends, and one that stays says nothing of an end", async () => {
    const expiresAtMs = Date.now() + LATER_MS;
    const stub = await enrolled({ expiresAtMs });
    const { expiresAt } = await unwrap(stub.describe());
    expect(expiresAt).toBe(new Date(expiresAtMs).toISOString());
    expect(await unwrap((await enrolled()).describe())).toMatchObject({ expiresAt: null });
  });

  test("takes tasks like any other until its time is over", async () => {
    const stub = await expiring(LATER_MS);
    const wire = await Wire.connect(stub);
    const [id = ""] = await schedule(stub, task());
    await wire.succeed(await wire.next("batch"));
    expect(await state(stub, id)).toBe("succeeded");
  });

  test("has its socket closed with a code that it can read, and leaves nothing behind", async () => {
    const stub = await expiring(SOON_MS);
    const wire = await Wire.connect(stub);
    await schedule(stub, task());
    expect(await wire.closed).toBe(4401);
    await gone(stub);
    expect(await remains(stub)).toEqual(NOTHING);
  });

  test("is gone in time though it never connected, and after a restart", async () => {
    const stub = await expiring(SOON_MS);
    await evictDurableObject(stub);
    await gone(stub);
    expect(await remains(stub)).toEqual(NOTHING);
    expect(await (await Wire.open(stub)).closed).toBe(4401);
    expect(await remains(stub)).toEqual(NOTHING);
  });

  test("is refused once its time is over, even if its alarm is late", async () => {
    const stub = await expiring(LATER_MS);
    await runInDurableObject(stub, (_, { storage }) => {
      storage.sql.exec("UPDATE identity SET expires_at = 1");
    });
    expect(await (await Wire.open(stub)).closed).toBe(4401);
    expect(
      await stub.poll(TOKEN_HASH, { epoch: null, frames: [], fault: null, waitMs: 0 }),
    ).toContain('"code":4401');
  });

  test("leaves nothing when it is removed before, and says that it had no place", async () => {
    const stub = await expiring(LATER_MS);
    const wire = await Wire.connect(stub);
    expect(await unwrap(stub.remove())).toEqual({ hadPlace: false });
    expect(await wire.closed).toBe(4403);
    expect(await remains(stub)).toEqual(NOTHING);
    expect(await unwrap((await enrolled()).remove())).toEqual({ hadPlace: true });
  });
});
