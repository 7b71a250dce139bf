import { env, exports } from "cloudflare:workers";
import type { AccountId, ClientId, ScheduledTask, TaskView } from "@sluice/protocol";
import { beforeAll, describe, expect, test } from "vitest";
import type { Outcome } from "../../../workers/front/refusal.ts";
import {
  cryptoRandomBytes,
  FIRST_ACCOUNT,
  formatAccountId,
  mintClient,
  parseKeyRing,
} from "../../../workers/keys/index.ts";
import type { Redemption } from "../../../workers/verify/redemption.ts";
import { KEY_RING } from "../../builders/secrets.ts";
import { task, tasks } from "../../builders/tasks.ts";
import { type ClientStub, TOKEN_HASH, unwrap, Wire } from "../client/client-object.ts";
import { RealFront } from "../front/real-front.ts";
import { openRealSite } from "../front/real-site.ts";
import { openedAccount } from "../registry/account-objects.ts";

/**
 * The entrypoint as another Worker holds it in a service binding. The platform's own type of it follows the
 * JSON in a task's view without end, so the calls are typed by what they promise.
 */
interface SluiceBinding {
  schedule(client: string, tasks: unknown): Promise<Outcome<readonly ScheduledTask[]>>;
  task(client: string, task: string): Promise<Outcome<TaskView>>;
  siteverify(request: unknown): Promise<Redemption>;
}
const sluice: SluiceBinding = Reflect.get(exports, "Sluice");

/** The account that a Worker acts for whose binding names none. */
beforeAll(async () => {
  await openedAccount(formatAccountId(FIRST_ACCOUNT));
});

const OTHER_ACCOUNT = new Uint8Array(FIRST_ACCOUNT.length).fill(7);

/** A client of an account, enrolled as the front does it. */
async function enrolled(
  account = FIRST_ACCOUNT,
): Promise<{ clientId: ClientId; stub: ClientStub }> {
  const ring = parseKeyRing(KEY_RING);
  if (!ring.ok) throw new Error("the key ring of the tests is malformed");
  const { clientId } = mintClient(ring.value, account, Date.now(), cryptoRandomBytes);
  const object: unknown = env.CLIENT.getByName(clientId);
  const stub = object as ClientStub;
  const identity = { name: "machine", labels: [], facts: {}, tokenHash: TOKEN_HASH };
  await unwrap(stub.enrol({ account: "ac_tests" as AccountId, client: clientId, ...identity }));
  return { clientId, stub };
}

/** The code of a refusal; null when there was none. */
async function refusalOf(outcome: Promise<Outcome<unknown>>): Promise<string | null> {
  const settled = await outcome;
  return settled.ok ? null : settled.error.code;
}

describe("another Worker of the deployment, over RPC", () => {
  test("schedules a task, follows it to its client and to its end", async () => {
    const { clientId, stub } = await enrolled();
    const [scheduled] = await unwrap(sluice.schedule(clientId, [task({ args: { n: 1 } })]));
    const id = scheduled?.id ?? "";
    expect(await unwrap(sluice.task(clientId, id))).toMatchObject({
      state: "queued",
      args: { n: 1 },
      waitingFor: "offline",
    });
    const wire = await Wire.connect(stub);
    const batch = await wire.next("batch");
    expect(batch.tasks).toMatchObject([{ id, args: { n: 1 } }]);
    wire.ack(batch);
    await wire.succeed(batch);
    expect(await unwrap(sluice.task(clientId, id))).toMatchObject({ state: "succeeded" });
    wire.close();
  });

  test("schedules thousands in one call", async () => {
    const { clientId } = await enrolled();
    expect(await unwrap(sluice.schedule(clientId, tasks(5_000)))).toHaveLength(5_000);
  });

  test("is answered a refusal as a value, and nothing of it is enqueued", async () => {
    const { clientId, stub } = await enrolled();
    const foreign = (await enrolled(OTHER_ACCOUNT)).clientId;
    expect(await refusalOf(sluice.schedule(foreign, [task()]))).toBe("not_found");
    expect(await refusalOf(sluice.schedule("cl_nonsense", [task()]))).toBe("not_found");
    expect(await refusalOf(sluice.schedule(clientId, [...tasks(9), { kind: "" }]))).toBe(
      "invalid_task",
    );
    expect(await refusalOf(sluice.schedule(clientId, "tasks"))).toBe("invalid_task");
    expect(await refusalOf(sluice.task(clientId, "tk_nonsense"))).toBe("not_found");
    expect(await unwrap(stub.listTasks({ state: null, cursor: null, limit: 1 }))).toMatchObject({
      items: [],
    });
  });

  test("redeems a pass of any account whose site's secret it holds, once", async () => {
    const site = await openRealSite(new RealFront());
    const response = site.pass({ action: "login" });
    const call = { secret: site.secret, response, idempotencyKey: crypto.randomUUID() };
    const accepted = { kind: "accepted", pass: { action: "login", siteId: site.id } };
    expect(await sluice.siteverify({ ...call, secret: "ss_wrong" })).toEqual({
      kind: "refused",
      because: "invalid_secret",
    });
    expect(await sluice.siteverify(call)).toMatchObject(accepted);
    expect(await sluice.siteverify(call)).toMatchObject(accepted);
    const again = { secret: site.secret, response };
    expect(await sluice.siteverify(again)).toEqual({ kind: "refused", because: "used" });
  });

  test("is answered a refusal whatever it sends in place of a call", async () => {
    for (const nonsense of [null, undefined, 7, "call", [], { secret: 7, response: {} }]) {
      expect(await sluice.siteverify(nonsense)).toEqual({
        kind: "refused",
        because: "missing_secret",
      });
    }
  });
});
