import { beforeAll, describe, expect, test } from "vitest";
import { ACCESS, CALLERS, ROUTE_NAMES, VERDICTS, type Verdict } from "./access.ts";
import { freshPath, type Keys, MARK, openWorld, type World } from "./account-world.ts";
import { RealFront } from "./real-front.ts";

/** A call that may be made but comes at the wrong time, such as a retry of a task that has not ended. */
const CONFLICT = 409;

let front: RealFront;
let world: World;
let keys: Keys;
beforeAll(async () => {
  world = await openWorld(new RealFront());
  keys = world.keys;
  // Suspensions, revocations and deletions follow into KV within moments; a new isolate has seen none before.
  while ((await gone()).join() !== "403,401,403,401") await scheduler.wait(20);
  front = new RealFront();
});

function gone(): Promise<number[]> {
  const fresh = new RealFront();
  const callers = CALLERS.slice(-4);
  return Promise.all(
    callers.map(async (caller) => (await fresh.call(keys[caller], "GET", "/v1/keys")).status),
  );
}

const adminKey = () => keys["an admin key"] ?? "";

/** The body that a route takes; with a token or sitekey of the account where one decides. */
function bodyOf(route: string): object | undefined {
  const body = ACCESS[route]?.[1];
  if (route === "POST /v1/enrol") return { ...body, token: keys["an enrolment token"] };
  return route === "POST /v1/verify/challenge" ? { ...body, sitekey: world.sitekey } : body;
}

test("every route is in the table, and nothing else is", () => {
  expect(Object.keys(ACCESS).toSorted()).toEqual(ROUTE_NAMES.toSorted());
});

describe.for(ROUTE_NAMES)("%s", (route) => {
  const [method = ""] = route.split(" ");
  const verdicts = VERDICTS[ACCESS[route]?.[0] ?? "platform"];

  // Whoever is refused changes nothing, so all of them may try at the same thing.
  let forTheRefused: string;
  beforeAll(async () => {
    forTheRefused = await freshPath(front, adminKey(), route);
  });

  test.for(CALLERS)("for %s", async (caller) => {
    const verdict: Verdict = verdicts[caller];
    const isIn = verdict === "in";
    const path = isIn ? await freshPath(front, adminKey(), route) : forTheRefused;
    const response = await front.call(keys[caller], method, path, bodyOf(route));
    const text = response.webSocket === null ? await response.text() : "";
    if (isIn) {
      expect(response.status < 400 || response.status === CONFLICT, text).toBe(true);
      return;
    }
    expect(text).not.toContain(MARK);
    if (verdict !== "elsewhere") {
      expect(response.status).toBe(verdict);
    } else if (route.includes("/:")) {
      expect(response.status).toBe(404);
    } else {
      expect(response.status).toBeLessThan(300);
    }
  });
});

const OBJECT_ROUTES = ROUTE_NAMES.filter(
  (route) => route.includes("/:") && !route.includes("/v1/accounts"),
);

describe.for(OBJECT_ROUTES)("another account at %s", (route) => {
  const [method = ""] = route.split(" ");

  test("is told what it is told of things that never were, and changes nothing", async () => {
    const stranger = keys["another account's admin key"];
    const path = await freshPath(front, adminKey(), route);
    const [things, id = ""] = path.slice("/v1/".length).split("/");
    const before = await (await front.call(adminKey(), "GET", `/v1/${things}/${id}`)).text();
    const foreign = await front.call(stranger, method, path, bodyOf(route));
    const never = path.replace(id, `${id.slice(0, 5)}${"0".repeat(id.length - 5)}`);
    const unknown = await front.call(stranger, method, never, bodyOf(route));
    expect(await withoutRequestId(foreign)).toEqual(await withoutRequestId(unknown));
    const after = await (await front.call(adminKey(), "GET", `/v1/${things}/${id}`)).text();
    expect(after).toBe(before);
  });
});

async function withoutRequestId(response: Response): Promise<unknown> {
  const { requestId: _, ...problem }: Record<string, unknown> = await response.json();
  return problem;
}
