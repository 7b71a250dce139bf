import { describe, expect, it } from "vitest";
import { createSiteVerifier, SluiceError } from "../../../../packages/sdk/src/site/index.ts";
import { type Answer, type Asked, startService } from "../builders/http-service.ts";

const SUCCESS: Answer = { status: 200, body: { success: true, hostname: "www.example.com" } };
const OUTAGE: Answer = { status: 200, body: { success: false, "error-codes": ["internal-error"] } };

/** A verifier of a service that answers so, one call after the other; the last answer stays. */
async function verifierOf(answers: readonly Answer[], options: object = {}) {
  const service = await startService(
    (_, call) => answers[Math.min(call, answers.length - 1)] ?? SUCCESS,
  );
  return {
    service,
    verifier: createSiteVerifier({ url: service.url, secret: "ss_x", ...options }),
  };
}

const keyOf = ({ body }: Asked) => (body as { idempotency_key: string }).idempotency_key;

describe("a site's verifier", () => {
  it("redeems the pass with the site's secret, which is in the body alone", async () => {
    const { service, verifier } = await verifierOf([SUCCESS]);
    expect(await verifier.verify("sp_x")).toMatchObject({ accepted: true, because: "pass" });
    expect(service.asked).toHaveLength(1);
    expect(service.asked[0]).toMatchObject({
      method: "POST",
      path: "/siteverify",
      body: { secret: "ss_x", response: "sp_x" },
    });
  });

  it.each([null, undefined, ""])("asks nobody about a form without a pass: %j", async (pass) => {
    const { service, verifier } = await verifierOf([SUCCESS]);
    expect(await verifier.verify(pass)).toMatchObject({ accepted: false, because: "missing" });
    expect(await verifier.verify("x".repeat(2_049))).toMatchObject({ because: "refused" });
    expect(service.asked).toHaveLength(0);
  });

  it.each([
    ["the connection broke", "breaks" as const],
    ["the service could not tell", OUTAGE],
    ["the service was down", { status: 503 }],
  ])("asks again with the same idempotency key when %s", async (_, first) => {
    const { service, verifier } = await verifierOf([first, SUCCESS]);
    expect(await verifier.verify("sp_x")).toMatchObject({ accepted: true, because: "pass" });
    const [one, two] = service.asked.map(keyOf);
    expect(one).toBe(two);
    await verifier.verify("sp_y");
    expect(service.asked.map(keyOf).at(-1)).not.toBe(one);
  });

  it("takes a refusal for what it is, and does not ask again", async () => {
    const refusal = { success: false, "error-codes": ["timeout-or-duplicate"] };
    const { service, verifier } = await verifierOf([{ status: 200, body: refusal }]);
    expect(await verifier.verify("sp_x")).toMatchObject({ accepted: false, because: "refused" });
    expect(service.asked).toHaveLength(1);
  });

  it("turns everybody away in an outage, unless the site says otherwise", async () => {
    const { service, verifier } = await verifierOf([OUTAGE]);
    expect(await verifier.verify("sp_x")).toMatchObject({ accepted: false, because: "outage" });
    expect(service.asked).toHaveLength(3);
  });

  it("lets so many a minute through in an outage, and no more", async () => {
    let now = 0;
    const { verifier } = await verifierOf([OUTAGE], { letThroughPerMinute: 2, now: () => now });
    const because = async () => {
      const { accepted, because } = await verifier.verify("sp_x");
      return `${accepted} ${because}`;
    };
    expect([await because(), await because(), await because()]).toEqual([
      "true outage",
      "true outage",
      "false outage",
    ]);
    now = 30_000;
    expect([await because(), await because()]).toEqual(["true outage", "false outage"]);
  });

  it("gives up a service that does not answer when the visitor has waited long enough", async () => {
    const hangs: typeof fetch = (_, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener("abort", () => reject(init.signal?.reason));
      });
    const options = { url: "http://127.0.0.1:1", secret: "ss_x", timeoutMs: 30, fetch: hangs };
    const verdict = await createSiteVerifier(options).verify("sp_x");
    expect(verdict).toMatchObject({ accepted: false, because: "outage" });
  });

  it("throws where nothing at the address redeems passes", async () => {
    const { verifier } = await verifierOf([{ status: 404 }]);
    await expect(verifier.verify("sp_x")).rejects.toThrow(SluiceError);
  });
});
