import { setTimeout as sleep } from "node:timers/promises";
import { isTerminal } from "@sluice/protocol";
import { createOperator } from "../../packages/sdk/src/operator/index.ts";

const POLL_MS = 100;
const PATIENCE_MS = 10_000;
const CLIENT_ID = /^[A-Za-z0-9_-]{1,64}$/;

/** As an operator: schedules one task at a client, waits for its end and returns what it brought, as text. */
export async function runTask(
  { service, operatorKey }: { readonly service: string; readonly operatorKey: string },
  client: string,
): Promise<string> {
  if (!CLIENT_ID.test(client)) return "no such client";
  const operator = createOperator({ url: service, key: operatorKey });
  const [scheduled] = await operator.schedule(client, [{ kind: "page.size" }]);
  if (scheduled === undefined) return "nothing";
  const endsAtMs = performance.now() + PATIENCE_MS;
  while (!isTerminal((await operator.task(client, scheduled.id)).state)) {
    if (performance.now() > endsAtMs) return "nothing yet";
    await sleep(POLL_MS);
  }
  const rows: unknown[] = [];
  for await (const { row } of operator.rows(client, scheduled.id)) rows.push(row);
  return JSON.stringify(rows);
}
