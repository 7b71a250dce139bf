import { evictDurableObject } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { type ClientStub, enrolled, freshObject, unwrap, Wire } from "./client-object.ts";

const NEW_HASH = "b".repeat(64);
const HOUR_SECONDS = 3_600;
/** Until a socket that nobody refuses may be taken for one that was let in. */
const PATIENCE_MS = 100;

/** Whether a token with this hash gets a socket that stays open. */
async function opens(stub: ClientStub, tokenHash?: string): Promise<boolean> {
  const wire = await Wire.open(stub, tokenHash);
  const patience = scheduler.wait(PATIENCE_MS).then(() => "open");
  return (await Promise.race([wire.closed, patience])) === "open";
}

describe("a client's token that is replaced", () => {
  test("opens on until the overlap ends, also after a restart, and the new one opens at once", async () => {
    const stub = await enrolled();
    const rotation = { tokenHash: NEW_HASH, overlapSeconds: HOUR_SECONDS };
    const { oldTokenUntil } = await unwrap(stub.rotateToken(rotation));
    expect(Date.parse(oldTokenUntil ?? "")).toBeGreaterThan(Date.now());
    expect(await opens(stub, NEW_HASH)).toBe(true);
    await evictDurableObject(stub);
    expect(await opens(stub)).toBe(true);
    expect(await opens(stub, "c".repeat(64))).toBe(false);
  });

  test("leaves the connection alone during an overlap, and ends it without one", async () => {
    const stub = await enrolled();
    const wire = await Wire.connect(stub);
    await unwrap(stub.rotateToken({ tokenHash: NEW_HASH, overlapSeconds: HOUR_SECONDS }));
    expect(await unwrap(stub.describe())).toMatchObject({ online: true });
    await unwrap(stub.rotateToken({ tokenHash: "c".repeat(64), overlapSeconds: 0 }));
    expect(await wire.closed).toBe(4401);
    expect(await opens(stub)).toBe(false);
    expect(await opens(stub, NEW_HASH)).toBe(false);
    expect(await opens(stub, "c".repeat(64))).toBe(true);
  });

  test("is that of a client which exists and is not revoked", async () => {
    const rotation = { tokenHash: NEW_HASH, overlapSeconds: 0 };
    expect(await freshObject().stub.rotateToken(rotation)).toMatchObject({
      error: { code: "not_found" },
    });
    const stub = await enrolled();
    await unwrap(stub.revoke());
    expect(await stub.rotateToken(rotation)).toMatchObject({ error: { code: "conflict" } });
  });
});
