import { createHmac } from "node:crypto";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { formatAccountId, hashKey, signingStateOf } from "../../../../workers/keys/index.ts";
import { accountRecord, PublishedRecords } from "../../../builders/published-records.ts";
import {
  type Front,
  keyOf,
  NOW,
  OTHER_ACCOUNT,
  OTHER_RING_TEXT,
  startFront,
} from "../../workers/front-fixture.ts";
import { freshPassId, openSite, type TestSite } from "../site-fixture.ts";
import { answerOf, ENCODINGS, type FieldValues, geetestFields } from "./calls.ts";

const PATH = "/validate";

let site: TestSite;
let front: Front;
beforeAll(async () => {
  site = await openSite();
});
beforeEach(() => {
  front = startFront();
});

/** The fields of a call about a new pass of a site. */
async function fieldsOf(of: TestSite, pass: object = {}): Promise<FieldValues> {
  const id = freshPassId();
  return geetestFields(of, id, await of.pass({ id, ...pass }));
}

async function validate(fields: FieldValues) {
  const { captcha_id = "", ...rest } = fields;
  const init = { method: "POST", body: new URLSearchParams(rest) };
  return answerOf(await front.call(`${PATH}?captcha_id=${captcha_id}`, init));
}

const SUCCESS = { status: "success", result: "success", reason: "" };
const failure = (reason: string) => {
  return { status: "success", result: "fail", reason, captcha_args: {} };
};
const error = (code: string, msg = expect.any(String)) => {
  return { status: "error", code, msg, desc: { type: "defined error" } };
};

describe("GeeTest's validate", () => {
  it("lets through what the site's secret signed, and says what was solved", async () => {
    const fields = await fieldsOf(site, { interaction: "slider", action: "login" });
    expect(await validate(fields)).toEqual({
      ...SUCCESS,
      captcha_args: {
        used_type: "slide",
        user_ip: "",
        lot_number: fields.lot_number,
        scene: "login",
        referer: "www.example.com",
      },
    });
  });

  it.each(Object.keys(ENCODINGS))("takes %s", async (encoding) => {
    const [path, init] = ENCODINGS[encoding]?.(PATH, await fieldsOf(site)) ?? [PATH, {}];
    expect(await answerOf(await front.call(path, init))).toMatchObject(SUCCESS);
  });

  it("takes a GET, with all in its query", async () => {
    const query = new URLSearchParams(await fieldsOf(site));
    expect(await answerOf(await front.call(`${PATH}?${query}`))).toMatchObject(SUCCESS);
  });

  it("takes everything at its longest in the query", async () => {
    const longest = { cdata: "c".repeat(255), hostname: "h".repeat(255), action: "a".repeat(32) };
    const query = new URLSearchParams(await fieldsOf(site, longest));
    expect(await answerOf(await front.call(`${PATH}?${query}`))).toMatchObject(SUCCESS);
  });

  it("is redeemed once, here and in every other dialect", async () => {
    const fields = await fieldsOf(site);
    expect(await validate(fields)).toMatchObject(SUCCESS);
    expect(await validate(fields)).toEqual(failure("pass_token expire"));
    const other = { secret: site.secret, response: fields.pass_token ?? "" };
    const init = { method: "POST", body: new URLSearchParams(other) };
    expect(await answerOf(await front.call("/siteverify", init))).toMatchObject({
      "error-codes": ["timeout-or-duplicate"],
    });
  });

  it("does not spend a pass whose lot is signed by anyone else", async () => {
    const fields = await fieldsOf(site);
    const lot = fields.lot_number ?? "";
    const signatures = [
      "",
      "0".repeat(64),
      createHmac("sha256", (await openSite()).secret)
        .update(lot)
        .digest("hex"),
      createHmac("sha256", site.sitekey).update(lot).digest("hex"),
      createHmac("sha256", site.mintSecret()).update(lot).digest("hex"),
      createHmac("sha256", site.secret).update(freshPassId()).digest("hex"),
    ];
    for (const sign_token of signatures) {
      expect(await validate({ ...fields, sign_token })).toEqual(
        error("-50304", "lot_number not match"),
      );
    }
    expect(await validate(fields)).toMatchObject(SUCCESS);
  });

  it("does not take a signed lot for the pass of another", async () => {
    const fields = await fieldsOf(site);
    const another = geetestFields(site, freshPassId(), fields.pass_token ?? "");
    expect(await validate(another)).toEqual(error("-50304", "lot_number not match"));
    expect(await validate(fields)).toMatchObject(SUCCESS);
  });

  it("has a code for everything else that is wrong with a call", async () => {
    const fields = await fieldsOf(site);
    const foreign = await fieldsOf(await openSite());
    const cases: readonly (readonly [FieldValues, object])[] = [
      [{ captcha_id: "" }, error("-50101")],
      [{ captcha_id: "0".repeat(32) }, error("-50102")],
      [{ captcha_id: await keyOf("site", NOW, OTHER_RING_TEXT) }, error("-50102")],
      [{ captcha_id: site.secret }, error("-50102")],
      [{ captcha_id: await keyOf("site") }, error("-50104")],
      [{ gen_time: "" }, error("-50005", "illegal gen_time")],
      [{ gen_time: "1e9" }, error("-50005", "illegal gen_time")],
      [{ lot_number: "" }, error("-50302")],
      [{ lot_number: "F".repeat(32) }, error("-50303")],
      [{ lot_number: "x" }, error("-50303")],
      [{ lot_number: freshPassId() }, error("-50304", "lot_number not match")],
      [{ pass_token: "" }, failure("pass_token error")],
      [{ pass_token: "forged" }, failure("pass_token error")],
      [{ pass_token: foreign.pass_token ?? "" }, error("-50304", "lot_number not match")],
    ];
    for (const [wrong, answer] of cases) {
      expect(await validate({ ...fields, ...wrong }), JSON.stringify(wrong)).toEqual(answer);
    }
    const elsewhere = { ...foreign, captcha_id: site.sitekey };
    const resigned = geetestFields(site, foreign.lot_number ?? "", foreign.pass_token ?? "");
    for (const crossing of [elsewhere, resigned]) {
      expect(await validate(crossing)).toEqual(error("-50304", "lot_number not match"));
    }
    expect(await validate(fields)).toMatchObject(SUCCESS);
  });

  it("refuses an expired pass", async () => {
    const expired = await fieldsOf(site, { solvedAtMs: NOW - 300_000 });
    expect(await validate(expired)).toEqual(failure("pass_token expire"));
  });

  it("takes the replaced secret's signature until the overlap ends", async () => {
    let now = NOW;
    const rotating = await openSite();
    const secret = rotating.mintSecret();
    const stateOf = async (text: string) => {
      return { hash: hashKey(text), signing: signingStateOf(text) };
    };
    rotating.publish([
      { ...(await stateOf(secret)), untilMs: null },
      { ...(await stateOf(rotating.secret)), untilMs: NOW + 100 },
    ]);
    front = startFront({ now: () => now });
    const signedBy = async (signer: string) => fieldsOf({ ...rotating, secret: signer });
    expect(await validate(await signedBy(secret))).toMatchObject(SUCCESS);
    expect(await validate(await signedBy(rotating.secret))).toMatchObject(SUCCESS);
    now = NOW + 100;
    expect(await validate(await signedBy(secret))).toMatchObject(SUCCESS);
    expect(await validate(await signedBy(rotating.secret))).toEqual(error("-50304"));
  });

  it("asks for a rotation where the site's secret is from before signatures could be checked", async () => {
    const old = await openSite();
    old.publish([{ hash: hashKey(old.secret), untilMs: null }]);
    expect(await validate(await fieldsOf(old))).toEqual(
      error("-50103", expect.stringContaining("rotate")),
    );
  });

  it("answers 200 and never success when it cannot judge, so that no integration lets pass", async () => {
    const down = new PublishedRecords();
    down.outage = "down";
    const suspended = new PublishedRecords();
    const account = formatAccountId(OTHER_ACCOUNT);
    suspended.publish("account", account, accountRecord(account, { suspendedAtMs: NOW }));
    const foreign = await openSite(OTHER_ACCOUNT);
    foreign.publishTo(suspended);
    const unreachable = startFront();
    unreachable.ledger.isDown = true;
    const cases: readonly (readonly [Front, TestSite, string])[] = [
      [startFront({ records: down }), site, "-50000"],
      [startFront({ exhausted: ["SITE_LIMIT"] }), site, "-50000"],
      [startFront({ keyRing: "malformed" }), site, "-50000"],
      [unreachable, site, "-50000"],
      [startFront({ records: suspended }), foreign, "-50105"],
    ];
    for (const [at, of, code] of cases) {
      front = at;
      expect(await validate(await fieldsOf(of))).toEqual(error(code));
    }
  });

  it("answers what it cannot read with 200 as well, however long", async () => {
    const long = "x".repeat(5_000);
    const calls = [
      front.call(`${PATH}?pass_token=${long}`),
      front.call(`${PATH}?pass_token=${long}`, { method: "POST" }),
      front.call(PATH, { method: "POST", body: long.repeat(5) }),
      front.call(PATH, { method: "POST", headers: { "content-type": "image/png" }, body: "x" }),
    ];
    for (const call of calls) expect(await answerOf(await call)).toEqual(error("-50002"));
  });
});
