import { beforeAll, describe, expect, it } from "vitest";
import { startFront } from "../../workers/front-fixture.ts";
import { openSite, type TestSite } from "../site-fixture.ts";
import { answerOf, ENCODINGS } from "./calls.ts";

let site: TestSite;
beforeAll(async () => {
  site = await openSite();
});

describe.each([
  "/siteverify",
  "/turnstile/v0/siteverify",
  "/recaptcha/api/siteverify",
  "/hcaptcha/siteverify",
])("%s", (address) => {
  it.each(Object.entries(ENCODINGS))("takes %s", async (_, encode) => {
    const fields = { secret: site.secret, response: site.pass() };
    const [path, init] = encode(address, fields);
    const response = await startFront().call(path, init);
    expect(await answerOf(response)).toMatchObject({ success: true });
  });

  it("minds no bytes that are not UTF-8 in what it does not look at", async () => {
    const { secret } = site;
    const form = new URLSearchParams({ secret, response: site.pass() });
    const body = new Blob([`${form}&remoteip=`, Uint8Array.of(0xff)]);
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const response = await startFront().call(address, { method: "POST", headers, body });
    expect(await answerOf(response)).toMatchObject({ success: true });
  });
});

describe.each(["/recaptcha/api/siteverify", "/hcaptcha/siteverify"])("%s", (address) => {
  it("takes a GET with all in its query, as programs of a line have it", async () => {
    const query = new URLSearchParams({ secret: site.secret, response: site.pass() });
    const front = startFront();
    const ask = async () => answerOf(await front.call(`${address}?${query}`));
    expect(await ask()).toMatchObject({ success: true });
    expect(await ask()).toMatchObject({ success: false });
  });
});
