import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { accountObject } from "../../../durable-objects/registry/rpc.ts";
import { answer } from "../../../workers/router.ts";
import { task } from "../../builders/tasks.ts";
import { Wire } from "../client/client-object.ts";
import { RealFront } from "./real-front.ts";
import { openRealSite, type RealSite } from "./real-site.ts";

let front: RealFront;
let site: RealSite;
beforeAll(async () => {
  front = new RealFront();
  site = await openRealSite(front, { policy: { difficulty: "normal", enrols: true } });
});

const enrol = (body: object) => front.call(null, "POST", "/v1/enrol", body);
const siteverify = async (response: string) => {
  const answer = await front.call(null, "POST", "/siteverify", { secret: site.secret, response });
  return answer.json();
};

/** As a browser connects, which can send no header of its own. */
function connect(token: string): Promise<Response> {
  const headers = {
    upgrade: "websocket",
    "sec-websocket-protocol": `sluice.v1, sluice.token.${token}`,
  };
  return answer(new Request("https://sluice.test/v1/connect", { headers }), front.context);
}

describe("a pass that is exchanged for a client token", () => {
  test("opens a socket that takes a task and reports it", async () => {
    const response = await enrol({ pass: site.pass(), facts: { os: "browser" } });
    expect(response.status).toBe(201);
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    const { clientId, token, expiresAt }: Record<string, string> = await response.json();
    const lifeMs = Date.parse(expiresAt ?? "") - Date.now();
    expect(lifeMs).toBeGreaterThan(3_500_000);
    expect(lifeMs).toBeLessThanOrEqual(3_600_000);

    const path = `/v1/clients/${clientId}`;
    expect(await front.ask(site.adminKey, "GET", path)).toMatchObject({
      labels: ["verified", `site:${site.id}`],
      name: "browser",
      expiresAt,
    });
    const upgrade = await connect(token ?? "");
    expect(upgrade.headers.get("sec-websocket-protocol")).toBe("sluice.v1");
    const wire = Wire.over(upgrade);
    await wire.greet();
    const tasks = { tasks: [task({ args: { n: 1 } })] };
    const scheduled = await front.ask(site.adminKey, "POST", `${path}/tasks`, tasks);
    const batch = await wire.next("batch");
    expect(batch.tasks).toMatchObject([{ args: { n: 1 } }]);
    await wire.succeed(batch);
    const done = await front.ask(site.adminKey, "GET", `${path}/tasks/${scheduled.tasks[0].id}`);
    expect(done).toMatchObject({ state: "succeeded" });
    wire.close();
  });

  test("is spent: it is exchanged no second time and redeemed by no siteverify", async () => {
    const pass = site.pass();
    expect((await enrol({ pass })).status).toBe(201);
    const second = await enrol({ pass });
    expect(second.status).toBe(409);
    expect(await second.json()).toMatchObject({ code: "conflict" });
    expect(await siteverify(pass)).toMatchObject({ "error-codes": ["timeout-or-duplicate"] });
  });

  test("is exchanged once, however many try at the same time", async () => {
    const pass = site.pass();
    const storm = await Promise.all(Array.from({ length: 30 }, () => enrol({ pass })));
    expect(storm.filter(({ status }) => status === 201)).toHaveLength(1);
  });

  test("is not when siteverify has redeemed it", async () => {
    const pass = site.pass();
    expect(await siteverify(pass)).toMatchObject({ success: true });
    expect((await enrol({ pass })).status).toBe(409);
  });

  test("takes none of its account's places, and gives none back when it is removed", async () => {
    const { adminKey } = site;
    const { clientId } = await (await enrol({ pass: site.pass() })).json<{
      clientId: string;
    }>();
    expect((await front.call(adminKey, "DELETE", `/v1/clients/${clientId}`)).status).toBe(204);
    const account = env.REGISTRY.getByName(accountObject(site.account));
    const clients = await runInDurableObject(account, (_, { storage }) =>
      storage.sql.exec("SELECT clients FROM roster").toArray(),
    );
    expect(clients).toEqual([{ clients: 0 }]);
  });
});
