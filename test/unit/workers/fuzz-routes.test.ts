import { ok } from "@sluice/protocol";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { ROUTES } from "../../../workers/router.ts";
import { enrolledClient, keyOf, NOW, operatorKey, startFront } from "./front-fixture.ts";

const RUNS = { numRuns: 150 };
const BODY_ROUTES = ROUTES.filter((route) => route.body.kind === "text");
const QUERY_ROUTES = ROUTES.filter(
  (route) => route.method === "GET" && route.caller === "operator",
);

let key: string;
let clientId: string;
let enrolmentToken: string;

beforeAll(async () => {
  key = await operatorKey();
  clientId = (await enrolledClient()).clientId;
  enrolmentToken = await keyOf("enrolment", NOW + 1_000);
});

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

describe.each(BODY_ROUTES.map(({ method, path }) => [method, path] as const))(
  "%s %s, whatever its body",
  (method, path) => {
    it("is answered without a 5xx, and no object hears of what is refused", async () => {
      const url = path.replace(":id", clientId);
      await fc.assert(
        fc.asyncProperty(
          anyBody,
          fc.constantFrom("application/json", "application/x-ndjson", "text/plain"),
          async (body, type) => {
            const front = startFront({ answers: { schedule: async () => ok([]) } });
            const headers = { authorization: `Bearer ${key}`, "content-type": type };
            const response = await front.call(url, { method, headers, body });
            expect(response.status).toBeLessThan(500);
            if (response.status >= 400) expect(front.clients.stubs).toBe(0);
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
            const url = path
              .replace(":id", clientId)
              .replace(":task", encodeURIComponent(task.toWellFormed()));
            const text = encodeURIComponent(value.toWellFormed());
            const query = `?limit=${text}&cursor=${text}&state=${text}`;
            const headers = { authorization: `Bearer ${key}` };
            const response = await front.call(url + query, { headers });
            expect(response.status).toBeLessThan(500);
            if (response.status >= 400) expect(front.clients.stubs).toBe(0);
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
        expect(front.clients.stubs).toBe(0);
      }),
      RUNS,
    );
  });
});
