import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ACK_TIMEOUT_MS } from "../../../durable-objects/client/settle.ts";
import { task } from "../../builders/tasks.ts";
import { type ClientStub, enrolled, schedule, state, view, Wire } from "./client-object.ts";

/** Lets every write of delivery records fail, or mends it. */
const breakWrites = (stub: ClientStub) =>
  onStorage(
    stub,
    "CREATE TRIGGER broken BEFORE INSERT ON pages BEGIN SELECT RAISE(ABORT, 'broken'); END",
  );
const mendWrites = (stub: ClientStub) => onStorage(stub, "DROP TRIGGER broken");
const onStorage = (stub: ClientStub, statement: string) =>
  runInDurableObject(stub, (_, { storage }) => {
    storage.sql.exec(statement);
  });

describe("an alarm whose storage fails seven times, more often than the platform tries", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["Date"] });
    vi.spyOn(console, "error").mockImplementation(() => {});
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  test.for(["awake", "asleep between"])(
    "is set again each time, and delivers in the end, %s",
    async (when) => {
      const stub = await enrolled();
      const wire = await Wire.connect(stub);
      const [id = ""] = await schedule(stub, task());
      expect(await wire.next("batch")).toMatchObject({ tasks: [{ id, attempt: 1 }] });
      vi.setSystemTime(Date.now() + ACK_TIMEOUT_MS + 1);
      await breakWrites(stub);
      for (let failure = 1; failure <= 7; failure += 1) {
        expect(await runDurableObjectAlarm(stub), `alarm ${failure}`).toBe(true);
      }
      await mendWrites(stub);
      if (when === "asleep between") await evictDurableObject(stub);
      expect(await state(stub, id)).toBe("leased");
      expect(await runDurableObjectAlarm(stub)).toBe(true);
      const batch = await wire.next("batch");
      expect(batch).toMatchObject({ tasks: [{ id, attempt: 2 }] });
      await evictDurableObject(stub);
      expect(await view(stub, id)).toMatchObject({ attempt: 2, state: "leased" });
      await wire.succeed(batch);
      expect(await state(stub, id)).toBe("succeeded");
    },
  );
});
