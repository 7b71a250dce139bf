import { beforeAll, describe, expect, test } from "vitest";
import { RealFront } from "./real-front.ts";
import { openRealSite, type RealSite } from "./real-site.ts";

let front: RealFront;
let site: RealSite;
beforeAll(async () => {
  front = new RealFront();
  site = await openRealSite(front);
});

interface Verified {
  readonly success: boolean;
  readonly "error-codes": readonly string[];
}

async function siteverify(fields: object, path = "/siteverify"): Promise<Verified> {
  const response = await front.call(null, "POST", path, { secret: site.secret, ...fields });
  expect(response.status).toBe(200);
  return response.json();
}

describe("redeeming a pass on the real objects", () => {
  test("succeeds once, and says where and when it was solved", async () => {
    const response = site.pass({ action: "login" });
    expect(await siteverify({ response })).toMatchObject({
      success: true,
      hostname: "shop.example",
      action: "login",
      "error-codes": [],
    });
    expect(await siteverify({ response })).toEqual({
      success: false,
      "error-codes": ["timeout-or-duplicate"],
    });
  });

  test("gives one success to a storm, whatever dialect each call speaks", async () => {
    const response = site.pass();
    const paths = ["/siteverify", "/turnstile/v0/siteverify"];
    const storm = Array.from({ length: 100 }, (_, n) =>
      siteverify({ response }, paths[n % paths.length]),
    );
    const answers = await Promise.all(storm);
    expect(answers.filter(({ success }) => success)).toHaveLength(1);
  });

  test("gives the same answer to the same idempotency key", async () => {
    const response = site.pass();
    const call = { response, idempotency_key: crypto.randomUUID() };
    const first = await siteverify(call);
    expect(first.success).toBe(true);
    expect(await siteverify(call)).toEqual(first);
  });
});
