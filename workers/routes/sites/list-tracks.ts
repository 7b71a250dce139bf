import { ok, type Page } from "@sluice/protocol";
import { readPageQuery } from "../../front/page-query.ts";
import { respondJson, respondText } from "../../front/respond.ts";
import type { Handler } from "../../front/route.ts";
import { NDJSON } from "../tasks/schedule-tasks.ts";
import { callRecorder } from "./site-recorder.ts";

/**
 * `GET /v1/sites/{sitekey}/tracks?cursor=&limit=` → a page of what is kept for training, oldest first: as every
 * list, or, where `Accept` asks for `application/x-ndjson`, the lines as the training reads them, with the
 * cursor of the next page in the header `Next-Cursor`, which is absent at the end.
 */
export const listTracks: Handler<"operator"> = async (call) => {
  const query = readPageQuery(new URL(call.request.url).searchParams);
  if (!query.ok) return query;
  const page = await callRecorder(call, (recorder) => recorder.tracks(query.value));
  if (!page.ok) return page;
  const wantsLines = call.request.headers.get("accept")?.includes(NDJSON) ?? false;
  return ok(wantsLines ? respondLines(page.value) : respondList(page.value));
};

/** The lines are JSON already, so that they are not read to be written. */
function respondList({ items, cursor }: Page<string>): Response {
  return respondJson(200, `{"items":[${items.join(",")}],"cursor":${JSON.stringify(cursor)}}`);
}

function respondLines({ items, cursor }: Page<string>): Response {
  const text = items.map((line) => `${line}\n`).join("");
  return respondText(text, NDJSON, cursor === null ? {} : { "next-cursor": cursor });
}
