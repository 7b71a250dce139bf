import { ok } from "@sluice/protocol";
import type { Refusal } from "../../../durable-objects/client/rpc.ts";
import { limitAddress } from "../../front/limits.ts";
import type { RequestContext } from "../../front/request-context.ts";
import { respond } from "../../front/respond.ts";
import type { Handler, RefusalStyle } from "../../front/route.ts";
import type { CallFault, Dialect } from "../../verify/dialects/dialect.ts";
import { readFields } from "../../verify/dialects/read-fields.ts";
import { redeemPass } from "../../verify/redeem-pass.ts";
import { type Redemption, refusedAs } from "../../verify/redemption.ts";

/** What nobody sends who was given a key or a pass of ours. */
const FORGERIES: ReadonlySet<CallFault> = new Set(["invalid_secret", "forged_pass"]);

/** How a route answers calls in a vendor's dialect. Whatever comes, it is the vendor's shape, with 200. */
export interface Speaking {
  readonly handle: Handler<"anyone">;
  readonly refuse: RefusalStyle;
}

/** A route in this dialect: redeems a pass for a site's server. */
export function speaking(dialect: Dialect): Speaking {
  return {
    handle: async ({ request, body, context }) => {
      const query = new URL(request.url).searchParams;
      const fields = await readFields(request.headers.get("content-type"), body, query);
      if (!fields.ok) return ok(answerFault(dialect, "malformed"));
      const redemption = await redeemPass(context, dialect.read(fields.value));
      return ok(answer(dialect, await countForgery(redemption, request.headers, context)));
    },
    refuse: (refusal) => answerFault(dialect, faultOf(refusal), refusal.retryAfterSeconds),
  };
}

/** Forgeries are counted against the address that they come from; a genuine call never is. */
async function countForgery(
  redemption: Redemption,
  headers: Headers,
  context: RequestContext,
): Promise<Redemption> {
  if (redemption.kind === "accepted" || !FORGERIES.has(redemption.because)) return redemption;
  const within = await limitAddress(headers, context);
  return within.ok ? redemption : refusedAs(within.error);
}

function answer(dialect: Dialect, redemption: Redemption): Response {
  if (redemption.kind === "accepted") return respond(200, dialect.accept(redemption.pass));
  return answerFault(dialect, redemption.because, redemption.retryAfterSeconds);
}

function answerFault(dialect: Dialect, because: CallFault, retryAfterSeconds?: number): Response {
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
