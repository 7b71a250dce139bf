import { createHmac, randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Running, runSluice } from "./running.ts";
import { openSite, type RunningSite } from "./site.ts";

const ENDPOINTS = [
  "/siteverify",
  "/turnstile/v0/siteverify",
  "/recaptcha/api/siteverify",
  "/hcaptcha/siteverify",
  "/validate",
] as const;
const CONTENT_TYPES = [
  "application/json",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=x",
  "text/plain",
  "image/png",
];
const RANDOM_BODIES = 100;

let running: Running;
let site: RunningSite;
beforeAll(async () => {
  running = await runSluice();
  site = await openSite(running);
});
afterAll(() => running.service.stop());

const post = (path: string, body: BodyInit, headers: Record<string, string> = {}) =>
  fetch(running.service.url + path, { method: "POST", body, headers });

async function isSuccess(response: Response): Promise<boolean> {
  const answer = await response.json();
  return answer.success === true || answer.result === "success";
}

/** What a call in any dialect says of a pass. */
function fieldsOf(pass: string, id: string): URLSearchParams {
  return new URLSearchParams({
    secret: site.secret,
    response: pass,
    captcha_id: site.sitekey,
    lot_number: id,
    pass_token: pass,
    gen_time: "1764000000",
    sign_token: createHmac("sha256", site.secret).update(id).digest("hex"),
  });
}

describe("on the running service", () => {
  test.each(ENDPOINTS)("%s redeems a pass once", async (path) => {
    const { pass, id } = await site.pass();
    expect(await isSuccess(await post(path, fieldsOf(pass, id)))).toBe(true);
    expect(await isSuccess(await post(path, fieldsOf(pass, id)))).toBe(false);
  });

  test("a storm over all endpoints has one success", async () => {
    const { pass, id } = await site.pass();
    const calls = Array.from({ length: 200 }, (_, n) =>
      post(ENDPOINTS[n % ENDPOINTS.length] ?? "", fieldsOf(pass, id)),
    );
    const successes = await Promise.all(calls.map(async (call) => isSuccess(await call)));
    expect(successes.filter(Boolean)).toHaveLength(1);
  });

  test.each(ENDPOINTS)(
    "%s answers whatever comes with 200, in its vendor's shape",
    async (path) => {
      for (let round = 0; round < RANDOM_BODIES; round += 1) {
        const type = CONTENT_TYPES[round % CONTENT_TYPES.length] ?? "";
        const response = await post(path, randomBytes(round * 8), { "content-type": type });
        expect(response.status).toBe(200);
        const answer = await response.json();
        if (path === "/validate") expect(answer).toMatchObject({ status: "error" });
        else expect(answer).toMatchObject({ success: false, "error-codes": [expect.any(String)] });
      }
    },
  );
});
