import { ok } from "@sluice/protocol";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { FIRST_ACCOUNT, formatAccountId } from "../../../workers/keys/index.ts";
import { ROUTES } from "../../../workers/routes/table.ts";
import { searchSize } from "../../builders/search-size.ts";
import { ADMIN_SECRET } from "../../builders/secrets.ts";
import {
  enrolledClient,
  type Front,
  keyOf,
  NOW,
  operatorKey,
  startFront,
} from "./front-fixture.ts";

const ACCOUNT = formatAccountId(FIRST_ACCOUNT);
const KEY_ID = "0".repeat(20);
const RUNS = { numRuns: searchSize(100, 10_000) };
const BODY_ROUTES = ROUTES.filter((route) => route.body.kind === "text");
const QUERY_ROUTES = ROUTES.filter(
  (route) => route.method === "GET" && route.caller === "operator",
);

let key: string;
let clientId: string;
let enrolmentToken: string;
let sitekey: string;

beforeAll(async () => {
  key = await operatorKey();
  clientId = (await enrolledClient()).clientId;
  enrolmentToken = await keyOf("enrolment", NOW + 1_000);
  sitekey = await keyOf("site");
});

/** A path to things that there are, but for the task where one is given. */
function concrete(path: string, caller: string, task = "tk_1"): string {
  const id = caller === "admin" ? ACCOUNT : path.startsWith("/v1/clients") ? clientId : KEY_ID;
  return path.replace(":id", id).replace(":sitekey", sitekey).replace(":task", task);
}

function stubsOf(front: Front): number {
  return front.clients.stubs + front.registry.stubs;
}

/** Bodies that share field names with real ones, so that they get past the first check. */
const nearBody = fc.dictionary(
  fc.constantFrom(
    "token",
    "name",
    "labels",
    "facts",
    "tasks",
    "paused",
    "expiresInSeconds",
    "kind",
    "id",
    "limits",
    "suspended",
    "label",
    "role",
    "uses",
    "overlapSeconds",
    "hostnames",
    "mode",
    "threshold",
    "policy",
  ),
  fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.array(fc.dictionary(fc.constantFrom("kind", "args", "priority"), fc.jsonValue())),
  ),
);
const anyBody = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.json(),
  nearBody.map((body) => JSON.stringify(body)),
  nearBody.map((body) => JSON.stringify({ ...body, token: enrolmentToken })),
);

describe.each(BODY_ROUTES.map(({ method, path, caller }) => [method, path, caller] as const))(
  "%s %s, whatever its body",
  (method, path, caller) => {
    it("is answered without a 5xx, and no object hears of what is refused", async () => {
      const bearer = caller === "admin" ? ADMIN_SECRET : key;
      const url = concrete(path, caller);
      await fc.assert(
        fc.asyncProperty(
          anyBody,
          fc.constantFrom("application/json", "application/x-ndjson", "text/plain"),
          async (body, type) => {
            const front = startFront({ answers: { schedule: async () => ok("[]") } });
            const headers = { authorization: `Bearer ${bearer}`, "content-type": type };
            const response = await front.call(url, { method, headers, body });
            expect(response.status).toBeLessThan(500);
            if (response.status >= 400) expect(stubsOf(front)).toBe(0);
            expect(front.log).toEqual([]);
          },
        ),
        RUNS,
      );
    });
  },
);

describe.each(QUERY_ROUTES.map(({ path }) => path))(
  "GET %s, whatever its query and path",
  (path) => {
    it("is answered without a 5xx, and no object hears of what is refused", async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.string({ unit: "binary" }),
          fc.oneof(fc.constant("tk_1"), fc.string({ minLength: 1 })),
          async (value, task) => {
            const front = startFront();
            const url = concrete(path, "operator", encodeURIComponent(task.toWellFormed()));
            const text = encodeURIComponent(value.toWellFormed());
            const query = `?limit=${text}&cursor=${text}&state=${text}`;
            const headers = { authorization: `Bearer ${key}` };
            const response = await front.call(url + query, { headers });
            expect(response.status).toBeLessThan(500);
            if (response.status >= 400) expect(stubsOf(front)).toBe(0);
          },
        ),
        RUNS,
      );
    });
  },
);

describe("whatever authorization is sent", () => {
  it("opens nothing unless this deployment made it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme-ascii", minLength: 1 }), async (text) => {
        const front = startFront();
        for (const authorization of [text, `Bearer ${text}`, `Bearer sk_${text}`]) {
          const response = await front.call(`/v1/clients/${clientId}`, {
            headers: { authorization },
          });
          expect(response.status).toBe(401);
        }
        expect(stubsOf(front)).toBe(0);
      }),
      RUNS,
    );
  });
});
