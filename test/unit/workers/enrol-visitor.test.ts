import { fail } from "@sluice/protocol";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { FIRST_ACCOUNT, formatAccountId, hashKey } from "../../../workers/keys/index.ts";
import { VISITOR_LIFETIME_MS } from "../../../workers/routes/enrolment/enrol-visitor.ts";
import { openSite, type TestSite } from "../verify/site-fixture.ts";
import { type Front, NOW, startFront, verdictOf } from "./front-fixture.ts";

let site: TestSite;
let front: Front;
beforeAll(async () => {
  site = await openSite(FIRST_ACCOUNT, { policy: { difficulty: "normal", enrols: true } });
});
beforeEach(() => {
  front = startFront();
});

/** A page's call: JSON as text, so that the browser asks no leave first. */
function enrol(body: object, at: Front = front, headers: Record<string, string> = {}) {
  const text = { "content-type": "text/plain;charset=UTF-8", ...headers };
  return at.call("/v1/enrol", { method: "POST", headers: text, body: JSON.stringify(body) });
}

describe("a verified visitor", () => {
  it("is enrolled for an hour, with the labels of its site and none of its own", async () => {
    const response = await enrol({ pass: site.pass(), labels: ["admin"], name: "tab" });
    expect(response.status).toBe(201);
    const { clientId, token, expiresAt }: Record<string, string> = await response.json();
    expect(expiresAt).toBe(new Date(NOW + VISITOR_LIFETIME_MS).toISOString());
    expect(front.clients.calls).toEqual([
      {
        name: clientId,
        method: "enrol",
        args: [
          {
            account: formatAccountId(FIRST_ACCOUNT),
            client: clientId,
            name: "tab",
            labels: ["verified", `site:${site.id}`],
            facts: {},
            tokenHash: hashKey(token ?? ""),
            expiresAtMs: NOW + VISITOR_LIFETIME_MS,
          },
        ],
      },
    ]);
    expect(front.registry.calls).toEqual([]);
  });

  it("is told in a page of any origin what came of it, the front's refusals too", async () => {
    const limited = startFront({ exhausted: ["ADDRESS_LIMIT"] });
    const answers = [
      await enrol({ pass: site.pass() }),
      await enrol({ pass: "forged" }),
      await enrol({ pass: "x" }, limited),
      await enrol({ pass: "x" }, front, { "content-type": "text/html" }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([201, 401, 429, 415]);
    for (const { headers } of answers) {
      expect(headers.get("access-control-allow-origin")).toBe("*");
      expect(headers.get("access-control-allow-credentials")).toBeNull();
    }
  });

  it("may be enrolled by JSON that says it is JSON, after a preflight", async () => {
    const preflight = {
      origin: "https://shop.example",
      "access-control-request-method": "POST",
      "access-control-request-headers": "content-type",
    };
    const asked = await front.call("/v1/enrol", { method: "OPTIONS", headers: preflight });
    expect(asked.headers.get("access-control-allow-origin")).toBe("*");
    expect(asked.headers.get("access-control-allow-headers")).toBe("content-type");
    const json = { origin: "https://shop.example", "content-type": "application/json" };
    const pass = site.pass({ hostname: "shop.example" });
    expect(await verdictOf(await enrol({ pass }, front, json))).toBe("201");
  });
});

describe("a pass does not enrol", () => {
  it("where its site does not allow it, and is not spent by the try", async () => {
    const closed = await openSite();
    const pass = await closed.pass();
    expect(await verdictOf(await enrol({ pass }))).toBe("403 forbidden");
    expect(front.ledger.stubs).toBe(0);
  });

  it("when it is forged, expired, used, or shown by a page of another host", async () => {
    const expired = site.pass({ solvedAtMs: NOW - 300_000 });
    expect(await verdictOf(await enrol({ pass: "sp_forged" }))).toBe("401 invalid_key");
    expect(await verdictOf(await enrol({ pass: expired }))).toBe("401 invalid_key");
    const pass = site.pass({ hostname: "shop.example" });
    const elsewhere = { origin: "https://evil.example" };
    expect(await verdictOf(await enrol({ pass }, front, elsewhere))).toBe("403 wrong_hostname");
    expect(front.clients.stubs).toBe(0);
    const here = { origin: "https://shop.example" };
    expect(await verdictOf(await enrol({ pass }, front, here))).toBe("201");
    expect(await verdictOf(await enrol({ pass }, front, here))).toBe("409 conflict");
  });

  it("while its site is over its limit, or the ledger cannot be reached, and may be tried again", async () => {
    const pass = site.pass();
    const limited = startFront({ exhausted: ["SITE_LIMIT"] });
    expect(await verdictOf(await enrol({ pass }, limited))).toBe("429 rate_limited");
    front.ledger.isDown = true;
    const down = await enrol({ pass });
    expect(down.headers.get("retry-after")).toBe("2");
    expect(await verdictOf(down)).toBe("503 unavailable");
    front.ledger.isDown = false;
    expect(await verdictOf(await enrol({ pass }))).toBe("201");
  });

  it("when the client's object refuses", async () => {
    const refusing = startFront({
      answers: { enrol: async () => fail({ code: "unavailable", detail: "later" }) },
    });
    expect(await verdictOf(await enrol({ pass: site.pass() }, refusing))).toBe("503 unavailable");
  });

  it.each([{ pass: 7 }, { pass: "x".repeat(2_049) }, { pass: "x", name: "n".repeat(999) }])(
    "in a body that does not fit: %j",
    async (body) => expect(await verdictOf(await enrol(body))).toBe("400 bad_request"),
  );
});
