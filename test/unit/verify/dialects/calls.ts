import { createHmac } from "node:crypto";
import { expect } from "vitest";
import type { Front } from "../../workers/front-fixture.ts";
import type { TestSite } from "../site-fixture.ts";

export type FieldValues = Readonly<Record<string, string>>;
// biome-ignore lint/suspicious/noExplicitAny: an answer is compared with what the vendor would have sent
type Answer = any;

/** The answer to a call, which has the status 200 whatever it says. */
export async function answerOf(response: Response): Promise<Answer> {
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("application/json");
  return response.json();
}

/** Posts fields as JSON. */
export async function postFields(front: Front, path: string, fields: FieldValues): Promise<Answer> {
  const headers = { "content-type": "application/json" };
  return answerOf(
    await front.call(path, { method: "POST", headers, body: JSON.stringify(fields) }),
  );
}

/** The ways in which vendors' clients send fields. */
export const ENCODINGS: Readonly<
  Record<string, (path: string, fields: FieldValues) => readonly [string, RequestInit]>
> = {
  JSON: (path, fields) => [path, post(JSON.stringify(fields), "application/json; charset=utf-8")],
  "JSON without a content type": (path, fields) => [path, post(bytes(JSON.stringify(fields)))],
  "JSON as text": (path, fields) => [path, post(JSON.stringify(fields), "text/plain")],
  "a form": (path, fields) => [path, { method: "POST", body: new URLSearchParams(fields) }],
  "a form in upper case": (path, fields) => [
    path,
    post(formOf(fields), "Application/X-WWW-Form-Urlencoded; charset=ISO-8859-1"),
  ],
  "a form without a content type": (path, fields) => [path, post(bytes(formOf(fields)))],
  multipart: (path, fields) => [path, { method: "POST", body: multipartOf(fields) }],
  "the query, with no body": (path, fields) => [`${path}?${formOf(fields)}`, { method: "POST" }],
  "the query, with an empty form": (path, fields) => [
    `${path}?${formOf(fields)}`,
    post("", "application/x-www-form-urlencoded"),
  ],
};

function post(body: BodyInit, contentType?: string): RequestInit {
  return {
    method: "POST",
    body,
    ...(contentType !== undefined && { headers: { "content-type": contentType } }),
  };
}

/** A body to which the runtime adds no content type of its own. */
function bytes(text: string): BodyInit {
  return new TextEncoder().encode(text);
}

function formOf(fields: FieldValues): string {
  return new URLSearchParams(fields).toString();
}

function multipartOf(fields: FieldValues): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  return form;
}

/** What a GeeTest page and server send of a pass, together. */
export function geetestFields(
  { sitekey, secret }: Pick<TestSite, "sitekey" | "secret">,
  lot: string,
  pass: string,
): FieldValues {
  return {
    captcha_id: sitekey,
    lot_number: lot,
    captcha_output: "opaque",
    pass_token: pass,
    gen_time: "1764000000",
    sign_token: createHmac("sha256", secret).update(lot).digest("hex"),
  };
}
