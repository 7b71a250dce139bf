import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SiteMode } from "../../../durable-objects/registry/rpc.ts";
import { challengeBodies, MARK, solveBodies, workedVisits } from "../../builders/random-visits.ts";
import { isWholeSearch, searchSize } from "../../builders/search-size.ts";
import { visit } from "./visiting-front.ts";

const BODIES = searchSize(1_500, 10_000);
/** Few bodies come by every outcome with a seed that is known for it; many with any. */
const SEED = isWholeSearch ? {} : { seed: 20_261_126 };

/** Sends every body; each answer is one that a page can read, and repeats nothing of what was sent. */
async function sendAll(mode: SiteMode, path: "challenge" | "solve"): Promise<Set<string>> {
  const { visitor, site, front } = await visit({ mode });
  const arbitrary =
    path === "solve" ? solveBodies(await workedVisits(visitor)) : challengeBodies(site.sitekey);
  const outcomes = new Set<string>();
  for (const body of fc.sample(arbitrary, { numRuns: BODIES, ...SEED })) {
    const response = await visitor.post(`/v1/verify/${path}`, body);
    const text = await response.text();
    expect(response.status, body).toBeLessThan(500);
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect(text).not.toContain(MARK);
    const { code, verdict, reason } = JSON.parse(text);
    outcomes.add([response.status, code ?? verdict ?? "challenge", reason].join(" ").trim());
  }
  expect(front.log).toEqual([]);
  expect(front.registry.stubs + front.clients.stubs).toBe(0);
  return outcomes;
}

describe(`${BODIES} random bodies`, () => {
  it("for a challenge are answered without a 5xx, some of them with one", async () => {
    const outcomes = await sendAll("invisible", "challenge");
    expect(outcomes).toContain("200 challenge");
    expect(outcomes).toContain("400 bad_request");
    expect(outcomes).toContain("400 invalid_json");
    expect(outcomes).toContain("401 invalid_key");
  });

  it("for a solution are answered without a 5xx, and the work alone is no pass", async () => {
    const outcomes = await sendAll("managed", "solve");
    expect(outcomes).toContain("200 refuse used");
    expect(outcomes).toContain("200 refuse invalid");
    expect(outcomes).toContain("200 refuse work");
    expect(outcomes).toContain("200 refuse track");
    expect(outcomes).toContain("400 bad_request");
  });
});
