import { ok } from "@sluice/protocol";
import { describe, expect, it } from "vitest";
import type { DriftReport } from "../../../durable-objects/registry/rpc.ts";
import { reconcileRecords } from "../../../workers/accounts/reconcile-records.ts";
import { startFront } from "./front-fixture.ts";

const SOUND: DriftReport = { checked: 5, missing: 0, stale: 0, extra: 0, repaired: 0, failed: 0 };

/** A front whose registry answers these reports, page after page. */
function frontWith(...reports: readonly Partial<DriftReport>[]) {
  let page = 0;
  const reconcile = async () => {
    const report = { ...SOUND, ...reports[page % reports.length] };
    page += 1;
    return ok({ report, cursor: page < reports.length ? `page-${page}` : null });
  };
  return startFront({ registryAnswers: { reconcile } });
}

describe("the hourly comparison", () => {
  it("goes from page to page to the end, and is silent when all is as it should be", async () => {
    const front = frontWith({}, {}, {});
    await reconcileRecords(front.context);
    expect(front.registry.calls.map(({ args }) => args[0])).toEqual([null, "page-1", "page-2"]);
    expect(front.log).toEqual([]);
  });

  it("reports drift as an error, summed over all pages", async () => {
    const front = frontWith({ missing: 1, repaired: 1 }, {}, { stale: 2, extra: 3, repaired: 4 });
    await reconcileRecords(front.context);
    expect(front.log.map((line) => JSON.parse(line))).toEqual([
      {
        level: "error",
        event: "registry.drift",
        isComplete: true,
        checked: 15,
        missing: 1,
        stale: 2,
        extra: 3,
        repaired: 5,
        failed: 0,
      },
    ]);
  });

  it("reports accounts that could not be compared", async () => {
    const front = frontWith({ failed: 1 });
    await reconcileRecords(front.context);
    expect(JSON.parse(front.log[0] ?? "")).toMatchObject({ failed: 1 });
  });

  it("ends after so many pages, and says that it is not complete", async () => {
    const reconcile = async () => ok({ report: SOUND, cursor: "more" });
    const front = startFront({ registryAnswers: { reconcile } });
    await reconcileRecords(front.context);
    expect(front.registry.calls).toHaveLength(900);
    expect(JSON.parse(front.log[0] ?? "")).toMatchObject({ isComplete: false });
  });

  it("fails when the registry cannot be reached", async () => {
    const reconcile = async () => {
      throw new Error("SECRET");
    };
    const front = startFront({ registryAnswers: { reconcile } });
    await expect(reconcileRecords(front.context)).rejects.toThrow("compared");
    expect(front.log.join()).not.toContain("SECRET");
  });
});
