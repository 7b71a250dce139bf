import { ok } from "@sluice/protocol";
import type { Refusal } from "../../../durable-objects/client/rpc.ts";
import { limitAddress } from "../../front/limits.ts";
import type { RequestContext } from "../../front/request-context.ts";
import { respond } from "../../front/respond.ts";
import type { Handler, RefusalStyle } from "../../front/route.ts";
import type { CallFault, Dialect, Verification } from "../../verify/dialects/dialect.ts";
import { readFields } from "../../verify/dialects/read-fields.ts";
import { refusedAs } from "../../verify/redemption.ts";

/** What nobody sends who was given a key or a pass of ours. */
const FORGERIES: ReadonlySet<string> = new Set([
  "invalid_secret",
  "invalid_sitekey",
  "forged_pass",
  "lot_mismatch",
]);

const NO_QUERY = new URLSearchParams();

/** How a route answers calls in a vendor's dialect. Whatever comes, it is the vendor's shape, with 200. */
export interface Speaking {
  readonly handle: Handler<"anyone">;
  readonly refuse: RefusalStyle;
}

/** A route in this dialect: redeems a pass for a site's server. */
export function speaking<Own extends string>(dialect: Dialect<Own>): Speaking {
  return {
    handle: async ({ request, body, context }) => {
      const contentType = request.headers.get("content-type");
      const fields = await readFields(contentType, body, queryOf(request.url));
      if (!fields.ok) return ok(answerFault(dialect, "malformed"));
      const verification = await dialect.redeem(context, fields.value);
      return ok(answer(dialect, await countForgery(verification, request.headers, context)));
    },
    refuse: (refusal) => answerFault(dialect, faultOf(refusal), refusal.retryAfterSeconds),
  };
}

/** Most calls say all in their body, and taking a URL apart costs more than reading that. */
function queryOf(url: string): URLSearchParams {
  return url.includes("?") ? new URL(url).searchParams : NO_QUERY;
}

/** Forgeries are counted against the address that they come from; a genuine call never is. */
async function countForgery<Own extends string>(
  outcome: Verification<Own>,
  headers: Headers,
  context: RequestContext,
): Promise<Verification<Own>> {
  if (outcome.kind === "accepted" || !FORGERIES.has(outcome.because)) return outcome;
  const within = await limitAddress(headers, context);
  return within.ok ? outcome : refusedAs(within.error);
}

function answer<Own extends string>(dialect: Dialect<Own>, outcome: Verification<Own>): Response {
  if (outcome.kind === "accepted") return respond(200, dialect.accept(outcome.pass));
  return answerFault(dialect, outcome.because, outcome.retryAfterSeconds);
}

function answerFault<Own extends string>(
  dialect: Dialect<Own>,
  because: CallFault | Own,
  retryAfterSeconds?: number,
): Response {
  const response = respond(200, dialect.refuse(because));
  if (retryAfterSeconds !== undefined) {
    response.headers.set("retry-after", String(Math.max(1, Math.ceil(retryAfterSeconds))));
  }
  return response;
}

/** What the front refuses before the handler is a call that cannot be read, or a service that fails. */
function faultOf({ code }: Refusal): CallFault {
  switch (code) {
    case "rate_limited":
      return "limited";
    case "internal":
    case "unavailable":
      return "unavailable";
    default:
      return "malformed";
  }
}
