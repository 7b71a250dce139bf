import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { AccountId } from "@sluice/protocol";
import type { Registry } from "../../../durable-objects/registry/object.ts";
import {
  accountObject,
  type RecordKind,
  recordKey,
} from "../../../durable-objects/registry/rpc.ts";
import { freshAccount } from "../../builders/registry.ts";

export type RegistryStub = DurableObjectStub<Registry>;

/** A call's value, or an error that names the refusal. */
export async function unwrap<Value>(
  answer: Promise<{ ok: true; value: Value } | { ok: false; error: { code: string } }>,
): Promise<Value> {
  const settled = await answer;
  if (!settled.ok) throw new Error(`refused: ${settled.error.code}`);
  return settled.value;
}

/** The code of a refusal; null when the call was not refused. */
export async function refusalOf(
  answer: Promise<{ ok: boolean; error?: { code: string } }>,
): Promise<string | null> {
  const settled = await answer;
  return settled.ok ? null : (settled.error?.code ?? null);
}

/** The object of an account, new for each caller that names none, opened. */
export async function openedAccount(
  account: AccountId = freshAccount(),
): Promise<{ account: AccountId; registry: RegistryStub }> {
  const registry = env.REGISTRY.getByName(accountObject(account));
  await unwrap(registry.openAccount({ name: "acme", limits: {} }, "admin"));
  return { account, registry };
}

/** What stands in KV for something, parsed; null when nothing does. */
export async function published(
  kind: RecordKind,
  account: AccountId,
  id: string,
): Promise<Record<string, unknown> | null> {
  return env.CACHE.get(recordKey(kind, account, id), "json");
}

/** Waits until the account's outbox is empty. */
export async function outboxEmptied(registry: RegistryStub): Promise<void> {
  while ((await outboxSize(registry)) > 0) await scheduler.wait(5);
}

export async function outboxSize(registry: RegistryStub): Promise<number> {
  return runInDurableObject(registry, (_, { storage }) =>
    Number(storage.sql.exec("SELECT count(*) AS n FROM outbox").one().n),
  );
}

/** Makes everything in the account look as if it had last changed `ms` ago, as far as judging drift goes. */
export async function settle(registry: RegistryStub, ms = 3_600_000): Promise<void> {
  await runInDurableObject(registry, (_, { storage }) => {
    storage.sql.exec("UPDATE entries SET changed_at = changed_at - ?", ms);
  });
}
