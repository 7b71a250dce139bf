import { beforeEach, describe, expect, it } from "vitest";
import { PublishedRecords } from "../../../builders/published-records.ts";
import { type Front, postJson, startFront } from "../../workers/front-fixture.ts";

const DUMMY = "XXXX.DUMMY.TOKEN.XXXX";
const PASSED = { verdict: "pass", pass: DUMMY, id: "0".repeat(32), expiresInMs: 300_000 };
const REFUSED = { verdict: "refuse", reason: "score" };

let front: Front;
let records: PublishedRecords;
beforeEach(() => {
  records = new PublishedRecords();
  front = startFront({ records });
});

/** What a page's visitor is answered; a page under test may be on any host. */
async function post(path: string, body: object) {
  const response = await postJson(front, path, body);
  expect(response.status).toBe(200);
  expect(response.headers.get("access-control-allow-origin")).toBe("*");
  return response.json();
}

const challenge = (sitekey: string) => post("/v1/verify/challenge", { sitekey });

describe("a visitor of a page with a test sitekey", () => {
  it("passes at once, or is refused, with a box that shows it", async () => {
    expect(await challenge("1x00000000000000000000AA")).toMatchObject(PASSED);
    expect(await challenge("2x00000000000000000000AB")).toEqual(REFUSED);
  });

  it.each([
    ["1x00000000000000000000BB", PASSED],
    ["2x00000000000000000000BB", REFUSED],
  ])("is asked for work alone, with no box to show: %s", async (sitekey, verdict) => {
    const asked = await challenge(sitekey);
    expect(asked).toMatchObject({ interaction: "none", minimumMs: 0 });
    const solution = { challenge: asked.challenge, pow: [0], answer: null, track: null };
    expect(await post("/v1/verify/solve", solution)).toMatchObject(verdict);
  });

  it.each([
    ["3x00000000000000000000FF", DUMMY],
    ["6LeIxAcTAAAAAJcZVRqyHh71UMIEGNQ_MXjiZKhI", DUMMY],
    ["10000000-ffff-ffff-ffff-000000000001", "10000000-aaaa-bbbb-cccc-000000000001"],
    ["30000000-ffff-ffff-ffff-000000000003", "30000000-aaaa-bbbb-cccc-000000000003"],
  ])("is asked to check a box, and then passes: %s", async (sitekey, pass) => {
    const asked = await challenge(sitekey);
    expect(asked).toMatchObject({ interaction: "checkbox", slider: null, minimumMs: 0 });
    const solution = { challenge: asked.challenge, pow: [0], answer: null, track: null };
    expect(await post("/v1/verify/solve", solution)).toMatchObject({ ...PASSED, pass });
    expect(records.reads).toBe(0);
    expect(front.ledger.stubs).toBe(0);
  });

  it("is the only one who can solve without a seal", async () => {
    for (const forged of ["sc_test_", "sc_test_1x00000000000000000000CC", "sc_test_site_x"]) {
      const solution = { challenge: forged, pow: [0], answer: null, track: null };
      expect(await post("/v1/verify/solve", solution)).toEqual({
        verdict: "refuse",
        reason: "invalid",
      });
    }
  });
});
