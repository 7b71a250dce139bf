import type { Env } from "../../workers/env.ts";
import {
  authenticateClient,
  authenticateEnrolment,
  authenticateOperator,
  keyRing,
} from "../../workers/front/authenticate.ts";
import { createContext, type RequestContext } from "../../workers/front/request-context.ts";
import { startIsolate } from "../../workers/isolate.ts";
import { type KeyKind, verifyKey } from "../../workers/keys/index.ts";
import { answer } from "../../workers/router.ts";
import { type CallCounts, countCalls } from "./count-calls.ts";
import type { Presented } from "./presented.ts";

export * from "../../workers/index.ts";

type Present = (text: string, context: RequestContext) => Promise<{ readonly ok: boolean }>;

/** What the front does with a key of each kind before anything else. */
const PRESENT: { readonly [Kind in KeyKind]: Present } = {
  operator: authenticateOperator,
  enrolment: authenticateEnrolment,
  client: authenticateClient,
  site: async (text, context) => verifyKey(keyRing(context), text),
  siteSecret: async (text, context) => verifyKey(keyRing(context), text),
};

let counted: { readonly context: RequestContext; readonly calls: CallCounts } | null = null;

/** One context for the life of the isolate, whose every binding is counted. */
function contextOf(env: Env) {
  if (counted !== null) return counted;
  const { wrapped, calls } = countCalls(env);
  const isolate = startIsolate(wrapped, () => {});
  counted = { context: createContext(wrapped, isolate), calls };
  return counted;
}

/** Presents keys one after the other. A Worker's clock stands still meanwhile: the caller has the time. */
async function present(kind: KeyKind, keys: readonly string[], env: Env): Promise<Presented> {
  const { context, calls } = contextOf(env);
  const presentOne = PRESENT[kind];
  let opened = 0;
  for (const key of keys) {
    if ((await presentOne(key, context)).ok) opened += 1;
  }
  return { opened, calls };
}

/** Asks KV one after the other for names that were never asked for, so that no cache can answer. */
async function readUncached(names: readonly string[], env: Env): Promise<void> {
  for (const name of names) await env.CACHE.get(name, { type: "text", cacheTtl: 30 });
}

export default {
  /** `POST /present/KIND` and `POST /kv` with one key a line; all else is the project's own front. */
  async fetch(request: Request, env: Env): Promise<Response> {
    const [, task, kind] = new URL(request.url).pathname.split("/");
    if (task !== "present" && task !== "kv") return answer(request, contextOf(env).context);
    const lines = (await request.text()).split("\n");
    if (task === "present") return Response.json(await present(kind as KeyKind, lines, env));
    await readUncached(lines, env);
    return new Response(null, { status: 204 });
  },
};
