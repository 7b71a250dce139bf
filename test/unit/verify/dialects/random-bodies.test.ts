import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { searchSize } from "../../../builders/search-size.ts";
import { type Front, startFront } from "../../workers/front-fixture.ts";
import { openSite, type TestSite } from "../site-fixture.ts";

/** So many bodies each endpoint is sent. */
const RUNS = searchSize(500, 10_000);

const NAMES = [
  "secret",
  "response",
  "remoteip",
  "idempotency_key",
  "sitekey",
  "captcha_id",
  "lot_number",
  "captcha_output",
  "pass_token",
  "gen_time",
  "sign_token",
] as const;

let front: Front;
let site: TestSite;
let genuine: readonly string[];
beforeAll(async () => {
  front = startFront();
  site = await openSite();
  // A genuine pass beside a genuine secret would be redeemed, so there is none.
  genuine = [site.secret, site.sitekey, "0".repeat(32), "1764000000"];
});

const anyText = fc.string({ unit: "binary", maxLength: 40 });
/** Bodies that share names and values with real ones, so that they get past the first checks. */
const near = fc.dictionary(
  fc.constantFrom(...NAMES),
  fc.oneof(anyText, fc.nat({ max: 3 }), fc.jsonValue({ maxDepth: 2 })),
  { maxKeys: 8 },
);
const textOf = (value: unknown): string => {
  const chosen = typeof value === "number" ? genuine[value] : undefined;
  return (chosen ?? (typeof value === "string" ? value : JSON.stringify(value))).toWellFormed();
};
const body = fc.oneof(
  fc.uint8Array({ maxLength: 60 }),
  anyText,
  fc.json({ maxDepth: 3 }),
  near.map((fields) => JSON.stringify(fields)),
  near.map((fields) => {
    const filled = Object.entries(fields).map(([name, value]) => [name, textOf(value)]);
    return JSON.stringify(Object.fromEntries(filled));
  }),
  near.map((fields) => {
    const filled = Object.entries(fields).map(([name, value]) => [name, textOf(value)]);
    return new URLSearchParams(filled).toString();
  }),
);
const contentType = fc.constantFrom(
  undefined,
  "application/json",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=x",
  "text/plain",
  "image/png",
);

const REFUSED = { success: false, "error-codes": [expect.stringMatching(/^[a-z-]+$/)] };
const SHAPES: Readonly<Record<string, object>> = {
  "/siteverify": REFUSED,
  "/turnstile/v0/siteverify": REFUSED,
  "/recaptcha/api/siteverify": REFUSED,
  "/hcaptcha/siteverify": REFUSED,
};
const ERROR = {
  status: "error",
  code: expect.stringMatching(/^-5\d{4}$/),
  msg: expect.any(String),
  desc: { type: "defined error" },
};
const FAILURE = {
  status: "success",
  result: "fail",
  reason: expect.stringMatching(/^pass_token/),
  captcha_args: {},
};

/** The answer to a random body, which has the status 200 whatever it was. */
async function answerTo(path: string, sent: string | Uint8Array, type: string | undefined) {
  const headers: Record<string, string> = type === undefined ? {} : { "content-type": type };
  const bytes = typeof sent === "string" ? new TextEncoder().encode(sent) : new Uint8Array(sent);
  const response = await front.call(path, { method: "POST", headers, body: bytes });
  expect(response.status).toBe(200);
  return response.json();
}

describe.each(Object.entries(SHAPES))("%s", (path, shape) => {
  it("answers any body in its vendor's shape", async () => {
    await fc.assert(
      fc.asyncProperty(body, contentType, async (sent, type) => {
        expect(await answerTo(path, sent, type)).toEqual(shape);
      }),
      { numRuns: RUNS },
    );
    expect(front.log).toEqual([]);
    expect(front.ledger.stubs).toBe(0);
  });
});

describe("/validate", () => {
  it("answers any body in its vendor's shape", async () => {
    await fc.assert(
      fc.asyncProperty(body, contentType, async (sent, type) => {
        const answer = await answerTo("/validate", sent, type);
        expect(answer).toEqual(answer.status === "error" ? ERROR : FAILURE);
      }),
      { numRuns: RUNS },
    );
    expect(front.log).toEqual([]);
    expect(front.ledger.stubs).toBe(0);
  });
});
