import { env } from "cloudflare:workers";
import { beforeEach, expect, test, vi } from "vitest";
import { accountObject, recordKey } from "../../../durable-objects/registry/rpc.ts";
import worker from "../../../workers/index.ts";
import { aKey } from "../../builders/registry.ts";
import { openedAccount, settle, unwrap } from "../registry/account-objects.ts";
import { RealFront } from "./real-front.ts";

const lines: string[] = [];
beforeEach(() => {
  lines.length = 0;
  vi.spyOn(console, "error").mockImplementation((line) => void lines.push(String(line)));
});

const runHourly = () => worker.scheduled(null, new RealFront().context.env);

test("the hourly run puts back what KV has lost, and says so", async () => {
  const { account, registry } = await openedAccount();
  const key = aKey();
  await unwrap(registry.createEntry("operator", key, "admin"));
  const name = recordKey("operator", account, key.id);
  await env.CACHE.delete(name);
  await settle(env.REGISTRY.getByName(accountObject(account)));
  await runHourly();
  expect(await env.CACHE.get(name)).not.toBeNull();
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { level: "error", event: "registry.drift", missing: 1, repaired: 1, isComplete: true },
  ]);
  lines.length = 0;
  await runHourly();
  expect(lines).toEqual([]);
});
