import type { DriftReport, ReconcilePage } from "../../durable-objects/registry/rpc.ts";
import type { Outcome } from "../front/refusal.ts";
import type { RequestContext } from "../front/request-context.ts";
import { callRoot } from "./call-registry.ts";

/** An invocation may make a thousand calls. What is left over is compared an hour later. */
const MAX_PAGES = 900;
/** A page reads hundreds of records from KV and repairs them; nobody waits for it. */
const PAGE_TIMEOUT_MS = 120_000;

type Sums = Record<keyof DriftReport, number>;

/**
 * Compares KV with the registry, page by page, lets the registry repair what differs, and logs what was
 * found, if anything was. Rejects when the registry cannot be reached, so that the platform
 * counts the run as failed.
 */
export async function reconcileRecords(context: RequestContext): Promise<void> {
  const sums: Sums = { checked: 0, missing: 0, stale: 0, extra: 0, repaired: 0, failed: 0 };
  let cursor: string | null = null;
  let pages = 0;
  do {
    const from: string | null = cursor;
    const page: Outcome<ReconcilePage> = await callRoot(
      context,
      (root) => root.reconcile(from),
      PAGE_TIMEOUT_MS,
    );
    if (!page.ok) throw new Error("the registry cannot be compared with KV now");
    for (const name of Object.keys(sums) as (keyof DriftReport)[]) {
      sums[name] += page.value.report[name];
    }
    cursor = page.value.cursor;
    pages += 1;
  } while (cursor !== null && pages < MAX_PAGES);
  report(context, sums, cursor === null);
}

function report({ log }: RequestContext, sums: Sums, isComplete: boolean): void {
  const { missing, stale, extra, failed } = sums;
  if (missing + stale + extra + failed === 0 && isComplete) return;
  log(JSON.stringify({ level: "error", event: "registry.drift", isComplete, ...sums }));
}
