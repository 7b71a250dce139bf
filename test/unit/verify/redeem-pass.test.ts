import { PASS_LIFETIME_MS } from "@sluice/protocol";
import { beforeAll, describe, expect, it } from "vitest";
import {
  cryptoRandomBytes,
  formatAccountId,
  hashKey,
  mintKey,
} from "../../../workers/keys/index.ts";
import { mintPass } from "../../../workers/verify/pass.ts";
import { type RedeemRequest, redeemPass } from "../../../workers/verify/redeem-pass.ts";
import type { Redemption } from "../../../workers/verify/redemption.ts";
import { aPass } from "../../builders/passes.ts";
import { accountRecord, PublishedRecords } from "../../builders/published-records.ts";
import {
  type Front,
  keyOf,
  NOW,
  OTHER_ACCOUNT,
  OTHER_RING_TEXT,
  ringOf,
  startFront,
} from "../workers/front-fixture.ts";
import { freshPassId, openSite, type TestSite } from "./site-fixture.ts";

let site: TestSite;
beforeAll(async () => {
  site = await openSite();
});

/** The word for an outcome. */
function verdictOf(redemption: Redemption): string {
  return redemption.kind === "accepted" ? "accepted" : redemption.because;
}

async function redeemedAt(front: Front, request: Partial<RedeemRequest>): Promise<string> {
  const { secret } = site;
  const pass = request.pass ?? site.pass();
  return verdictOf(await redeemPass(front.context, { secret, ...request, pass }));
}

describe("a pass", () => {
  it("is redeemed once, and its site learns what it says", async () => {
    const front = startFront();
    const pass = site.pass({ action: "login", score: 0.7 });
    const first = await redeemPass(front.context, { secret: site.secret, pass });
    expect(first).toMatchObject({ kind: "accepted", pass: { action: "login", score: 0.7 } });
    expect(await redeemedAt(front, { pass })).toBe("used");
  });

  it("gives exactly one success to a storm", async () => {
    const front = startFront();
    const pass = site.pass();
    const storm = Array.from({ length: 200 }, () => redeemedAt(front, { pass }));
    const verdicts = await Promise.all(storm);
    expect(verdicts.filter((verdict) => verdict === "accepted")).toHaveLength(1);
    expect(verdicts.filter((verdict) => verdict === "used")).toHaveLength(199);
  });

  it("gives the same answer again to the same idempotency key, and to no other", async () => {
    const front = startFront();
    const pass = site.pass();
    const with_ = (idempotencyKey: string) => redeemedAt(front, { pass, idempotencyKey });
    expect(await with_("one")).toBe("accepted");
    expect(await with_("one")).toBe("accepted");
    expect(await with_("two")).toBe("used");
    expect(await with_("two")).toBe("used");
    expect(await with_("")).toBe("used");
    expect(await redeemedAt(front, { pass: site.pass(), idempotencyKey: "one" })).toBe("accepted");
  });

  it("lives for five minutes", async () => {
    let now = NOW;
    const front = startFront({ now: () => now });
    const solvedAtMs = NOW;
    const [early, late] = [site.pass({ solvedAtMs }), site.pass({ solvedAtMs })];
    now = NOW + PASS_LIFETIME_MS - 1;
    expect(await redeemedAt(front, { pass: early })).toBe("accepted");
    now = NOW + PASS_LIFETIME_MS;
    expect(await redeemedAt(front, { pass: late })).toBe("expired");
  });

  it("is good at its own site alone", async () => {
    const front = startFront();
    const [neighbour, stranger] = [await openSite(), await openSite(OTHER_ACCOUNT)];
    const pass = site.pass();
    for (const { secret } of [neighbour, stranger]) {
      expect(await redeemedAt(front, { pass, secret })).toBe("wrong_site");
    }
    const sameIdElsewhere = site.pass({ account: formatAccountId(OTHER_ACCOUNT) });
    expect(await redeemedAt(front, { pass: sameIdElsewhere })).toBe("wrong_site");
    expect(await redeemedAt(front, { pass })).toBe("accepted");
  });

  it("must be of the sitekey that the call names", async () => {
    const front = startFront();
    const pass = site.pass();
    const { sitekey } = await openSite();
    expect(await redeemedAt(front, { pass, sitekey })).toBe("sitekey_mismatch");
    expect(await redeemedAt(front, { pass, sitekey: "10000000-ffff" })).toBe("invalid_sitekey");
    expect(await redeemedAt(front, { pass, sitekey: site.secret })).toBe("invalid_sitekey");
    expect(await redeemedAt(front, { pass, sitekey: site.sitekey })).toBe("accepted");
  });
});

describe("a call without the site's secret", () => {
  it("does not spend the pass", async () => {
    const front = startFront();
    const pass = site.pass();
    const foreignRing = await keyOf("siteSecret", NOW, OTHER_RING_TEXT);
    const replaced = site.mintSecret();
    const tampered = `${site.secret.slice(0, -1)}${site.secret.endsWith("A") ? "E" : "A"}`;
    for (const secret of [foreignRing, replaced, tampered, site.sitekey, "x", "x".repeat(9_999)]) {
      expect(await redeemedAt(front, { pass, secret })).toBe("invalid_secret");
    }
    expect(await redeemedAt(front, { pass, secret: "" })).toBe("missing_secret");
    expect(await redeemedAt(front, { pass })).toBe("accepted");
  });

  it("opens with the replaced secret until the overlap ends", async () => {
    let now = NOW;
    const front = startFront({ now: () => now });
    const rotating = await openSite();
    const secret = rotating.mintSecret();
    rotating.publish([
      { hash: hashKey(secret), untilMs: null },
      { hash: hashKey(rotating.secret), untilMs: NOW + 100 },
    ]);
    const pass = () => rotating.pass();
    expect(await redeemedAt(front, { secret, pass: await pass() })).toBe("accepted");
    expect(await redeemedAt(front, { secret: rotating.secret, pass: await pass() })).toBe(
      "accepted",
    );
    now = NOW + 100;
    expect(await redeemedAt(front, { secret: rotating.secret, pass: await pass() })).toBe(
      "invalid_secret",
    );
    expect(await redeemedAt(front, { secret, pass: await pass() })).toBe("accepted");
  });
});

describe("a forgery", () => {
  it("ends on arithmetic: no look-up, no limit and no object is asked", async () => {
    const records = new PublishedRecords();
    const front = startFront({ records });
    const pass = site.pass();
    const made = { account: formatAccountId(OTHER_ACCOUNT), id: freshPassId() };
    const foreign = mintPass(ringOf(OTHER_RING_TEXT), aPass(made), cryptoRandomBytes);
    const owner = { account: OTHER_ACCOUNT, keyId: new Uint8Array(12) };
    const operatorKey = mintKey(ringOf(OTHER_RING_TEXT), "operator", owner, cryptoRandomBytes);
    for (const forged of [foreign, `${pass.slice(0, -2)}AA`, "sp_", "é", "x".repeat(100_000)]) {
      expect(await redeemedAt(front, { pass: forged })).toBe("forged_pass");
    }
    for (const secret of [operatorKey, "ss_", `${site.secret}A`]) {
      expect(await redeemedAt(front, { pass, secret })).toBe("invalid_secret");
    }
    expect(await redeemedAt(front, { pass: "" })).toBe("missing_pass");
    expect(records.reads).toBe(0);
    expect(front.limited).toEqual([]);
    expect(front.ledger.stubs).toBe(0);
  });
});

describe("when a pass cannot be redeemed now", () => {
  it("is not spent by a limit", async () => {
    const pass = site.pass();
    const limited = startFront({ exhausted: ["SITE_LIMIT"] });
    expect(await redeemPass(limited.context, { secret: site.secret, pass })).toEqual({
      kind: "refused",
      because: "limited",
      retryAfterSeconds: 60,
    });
    expect(limited.ledger.stubs).toBe(0);
    expect(limited.limited).toEqual([`SITE_LIMIT ${site.id}`]);
  });

  it("counts among what its account has under way, and is refused where that is too much", async () => {
    const account = formatAccountId(OTHER_ACCOUNT);
    const busy = await openSite(OTHER_ACCOUNT);
    const verdicts = await Promise.all(
      [{ requestsPerMinute: 0 }, { requestsInFlight: 0 }].map(async (limits) => {
        const records = new PublishedRecords();
        records.publish("account", account, accountRecord(account, { limits }));
        busy.publishTo(records);
        return redeemedAt(startFront({ records }), {
          secret: busy.secret,
          pass: await busy.pass(),
        });
      }),
    );
    expect(verdicts).toEqual(["limited", "limited"]);
  });

  it("waits for an account that is suspended", async () => {
    const account = formatAccountId(OTHER_ACCOUNT);
    const busy = await openSite(OTHER_ACCOUNT);
    const records = new PublishedRecords();
    records.publish("account", account, accountRecord(account, { suspendedAtMs: NOW }));
    busy.publishTo(records);
    const request = { secret: busy.secret, pass: await busy.pass() };
    expect(await redeemedAt(startFront({ records }), request)).toBe("suspended");
    expect(await redeemedAt(startFront(), request)).toBe("accepted");
  });

  it("says that it may be tried again when records or the ledger cannot be reached", async () => {
    const records = new PublishedRecords();
    records.outage = "down";
    expect(await redeemedAt(startFront({ records }), {})).toBe("unavailable");
    const front = startFront();
    front.ledger.isDown = true;
    const pass = site.pass();
    expect(await redeemedAt(front, { pass })).toBe("unavailable");
    front.ledger.isDown = false;
    expect(await redeemedAt(front, { pass })).toBe("accepted");
  });
});
