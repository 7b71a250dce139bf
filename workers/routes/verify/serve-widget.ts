import { ok } from "@sluice/protocol";
import { API_HASH, API_SOURCE } from "../../../packages/widget/dist/api-source.ts";
import type { Handler } from "../../front/route.ts";
import { SECURITY_HEADERS } from "../../front/security-headers.ts";

/**
 * Five minutes without a question, a day while the newest is fetched: a page is never kept waiting for a
 * script that it has, and a new one is everywhere within minutes.
 */
const CACHE_CONTROL = "public, max-age=300, stale-while-revalidate=86400";
const ETAG = `"${API_HASH}"`;

const HEADERS = {
  ...SECURITY_HEADERS,
  "cache-control": CACHE_CONTROL,
  "content-type": "text/javascript; charset=utf-8",
  etag: ETAG,
} as const;

/** `GET /v1/verify/api.js`: the widget. The same for everyone; what its address says, it reads itself. */
export const serveWidget: Handler<"anyone"> = async ({ request }) =>
  ok(
    isKnown(request.headers.get("if-none-match"))
      ? new Response(null, { status: 304, headers: HEADERS })
      : new Response(API_SOURCE, { headers: HEADERS }),
  );

/** Whether a browser has this very text. A compressing proxy marks the tag as weak. */
function isKnown(tags: string | null): boolean {
  return tags?.split(",").some((tag) => tag.trim().replace(/^W\//, "") === ETAG) ?? false;
}
