import { fail, isJsonObject, ok, parseJson, type Result } from "@sluice/protocol";

/** What a call says, by name. A field that is absent reads as empty: no vendor tells the two apart. */
export interface Fields {
  get(name: string): string;
}

/** Nothing that is looked at nests; what is not looked at may, a little. */
const MAX_DEPTH = 8;
const JSON_TYPE = /[/+]json$/;

/**
 * Reads the fields of a call from its body and its query, where the body has precedence. The encodings are
 * those that vendors' clients use: JSON, form, multipart, query, and any of the first two under a content
 * type that is missing or says plain text. Of a repeated field the first counts, and a file is none.
 * Fails on a body in none of them.
 */
export async function readFields(
  contentType: string | null,
  body: string,
  query: URLSearchParams,
): Promise<Result<Fields, "malformed">> {
  const read = await readBody(contentType, body);
  if (!read.ok) return read;
  return ok({ get: (name) => read.value(name) ?? query.get(name) ?? "" });
}

type Lookup = (name: string) => string | null;

async function readBody(
  contentType: string | null,
  body: string,
): Promise<Result<Lookup, "malformed">> {
  if (body.trim() === "") return ok(() => null);
  const [type = ""] = (contentType ?? "").toLowerCase().split(";", 1);
  switch (encodingOf(type.trim(), body)) {
    case "json":
      return readJson(body);
    case "form":
      return ok(lookIn(new URLSearchParams(body)));
    case "multipart":
      return readMultipart(contentType ?? "", body);
    case null:
      return fail("malformed");
  }
}

function encodingOf(type: string, body: string): "json" | "form" | "multipart" | null {
  if (JSON_TYPE.test(type)) return "json";
  switch (type) {
    case "application/x-www-form-urlencoded":
      return "form";
    case "multipart/form-data":
      return "multipart";
    case "":
    case "text/plain":
      return body.trimStart().startsWith("{") ? "json" : "form";
    default:
      return null;
  }
}

function readJson(body: string): Result<Lookup, "malformed"> {
  const parsed = parseJson(body, MAX_DEPTH);
  if (!parsed.ok || !isJsonObject(parsed.value)) return fail("malformed");
  const fields = parsed.value;
  return ok((name) => (Object.hasOwn(fields, name) ? textOf(fields[name]) : null));
}

/** A number is read as it is written; null, as if the field were not there. */
function textOf(value: unknown): string | null {
  switch (typeof value) {
    case "string":
      return value;
    case "number":
    case "boolean":
      return String(value);
    default:
      return null;
  }
}

/** The runtime's own parser, given the bytes as they came. */
async function readMultipart(
  contentType: string,
  body: string,
): Promise<Result<Lookup, "malformed">> {
  try {
    const headers = { "content-type": contentType };
    return ok(lookIn(await new Response(body, { headers }).formData()));
  } catch {
    return fail("malformed");
  }
}

function lookIn(entries: { get(name: string): unknown }): Lookup {
  return (name) => textOf(entries.get(name));
}
