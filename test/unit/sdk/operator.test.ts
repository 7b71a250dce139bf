import type { TaskSpec } from "@sluice/protocol";
import { describe, expect, it } from "vitest";
import {
  createOperator,
  enrolClient,
  PartialScheduleError,
  SluiceError,
} from "../../../packages/sdk/src/operator/index.ts";
import {
  type Answer,
  type Asked,
  operatorOf,
  refusal,
  startService,
} from "./builders/http-service.ts";

const TASK_VIEW = { id: "tk_1", state: "queued", timeline: [] };
const CLIENT_VIEW = { id: "cl_1", online: true, queue: {} };

/** Takes every task of a call. */
function takeAll({ body }: Asked): Answer {
  const { tasks } = body as { tasks: readonly TaskSpec[] };
  const taken = tasks.map((_, index) => ({ id: `tk_${index}`, state: "queued", duplicate: false }));
  return { status: 202, body: { tasks: taken } };
}

/** The tasks that a call asked to schedule. */
function tasksOf(asked: Asked): readonly TaskSpec[] {
  return (asked.body as { tasks: readonly TaskSpec[] }).tasks;
}

/** The error that a promise rejects with; fails if it does not. */
async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.fail("nothing was thrown"),
    (error: unknown) => error,
  );
}

describe("a call", () => {
  const CALLS = [
    ["task", "GET", "/v1/clients/cl_1/tasks/tk_1", TASK_VIEW],
    ["cancel", "POST", "/v1/clients/cl_1/tasks/tk_1/cancel", TASK_VIEW],
    ["retry", "POST", "/v1/clients/cl_1/tasks/tk_1/retry", TASK_VIEW],
    ["client", "GET", "/v1/clients/cl_1", CLIENT_VIEW],
    ["revoke", "POST", "/v1/clients/cl_1/revoke", CLIENT_VIEW],
  ] as const;

  it.each(CALLS)("%s asks %s %s with the key as bearer", async (name, method, path, body) => {
    const service = await startService(() => ({ status: 200, body }));
    expect(await operatorOf(service)[name]("cl_1", "tk_1" as never)).toEqual(body);
    expect(service.asked).toMatchObject([
      { method, path, headers: { authorization: "Bearer sk_test" }, body: null },
    ]);
  });

  it("changes what it is told to and nothing else", async () => {
    const service = await startService(() => ({ status: 200, body: CLIENT_VIEW }));
    await operatorOf(service).updateClient("cl_1", { paused: true });
    expect(service.asked).toMatchObject([
      { method: "PATCH", path: "/v1/clients/cl_1", body: { paused: true } },
    ]);
  });

  it("removes a client, whose answer is empty", async () => {
    const service = await startService(() => ({ status: 204 }));
    await operatorOf(service).removeClient("cl_1");
    expect(service.asked).toMatchObject([{ method: "DELETE", path: "/v1/clients/cl_1" }]);
  });

  it("makes an enrolment token", async () => {
    const token = { token: "et_1", id: "key_1", expiresAt: "2099-01-01T00:00:00.000Z" };
    const service = await startService(() => ({ status: 201, body: token }));
    expect(await operatorOf(service).createEnrolmentToken({ expiresInSeconds: 60 })).toEqual(token);
    expect(service.asked).toMatchObject([
      { method: "POST", path: "/v1/enrolment-tokens", body: { expiresInSeconds: 60 } },
    ]);
  });

  it("encodes what it puts into a path", async () => {
    const service = await startService(() => ({ status: 200, body: CLIENT_VIEW }));
    await operatorOf(service).client("../keys?x=1");
    expect(service.asked[0]?.path).toBe("/v1/clients/..%2Fkeys%3Fx%3D1");
  });

  it("keeps the path under which the service lives", async () => {
    const service = await startService(() => ({ status: 200, body: CLIENT_VIEW }));
    await operatorOf({ ...service, url: `${service.url}/behind/` }).client("cl_1");
    expect(service.asked[0]?.path).toBe("/behind/v1/clients/cl_1");
  });

  it("does not carry its key along a redirect", async () => {
    const other = await startService(() => ({ status: 200, body: CLIENT_VIEW }));
    const service = await startService(() => ({ status: 307, headers: { location: other.url } }));
    const error = await failureOf(operatorOf(service, 1).client("cl_1"));
    expect(error).toMatchObject({ code: "network" });
    expect(other.asked).toEqual([]);
  });
});

describe("a refusal", () => {
  it("is thrown with its code, status, request and wait", async () => {
    const service = await startService(() => refusal(503, "unavailable", { "retry-after": "3" }));
    const error = await failureOf(operatorOf(service, 1).client("cl_1"));
    expect(error).toBeInstanceOf(SluiceError);
    expect(error).toMatchObject({
      code: "unavailable",
      status: 503,
      requestId: "req_7",
      retryAfterMs: 3_000,
      message: "refused: unavailable",
    });
  });

  it("that is no problem document is told by its status", async () => {
    const service = await startService(() => ({ status: 418, body: "<html>" }));
    const error = await failureOf(operatorOf(service).client("cl_1"));
    expect(error).toMatchObject({ code: "unexpected_answer", status: 418, requestId: null });
  });

  it("never holds the key", async () => {
    const url = "http://127.0.0.1:1";
    const operator = createOperator({ url, key: "sk_secret", retry: { attempts: 1 } });
    const error = await failureOf(operator.client("cl_1"));
    expect(error).toMatchObject({ code: "network", status: 0 });
    expect(String(error) + JSON.stringify(error)).not.toContain("sk_secret");
  });

  it.each([{ id: "cl_1" }, {}, { items: [] }])(
    "is what a success becomes that is not what was promised: %j",
    async (body) => {
      const service = await startService(() => ({ status: 200, body }));
      const error = await failureOf(operatorOf(service).client("cl_1"));
      expect(error).toMatchObject({ code: "unexpected_answer" });
    },
  );
});

describe("repeating", () => {
  /** Fails the first two calls and then does as it is told. */
  const thirdTime = (failure: Answer, success: Answer) => (_: Asked, call: number) =>
    call < 2 ? failure : success;

  it.each([
    ["a broken connection", "breaks"],
    ["503", refusal(503, "unavailable")],
    ["500", refusal(500, "internal")],
    ["429", refusal(429, "rate_limited")],
  ] as const)("a read after %s", async (_, failure) => {
    const service = await startService(thirdTime(failure, { status: 200, body: CLIENT_VIEW }));
    expect(await operatorOf(service).client("cl_1")).toEqual(CLIENT_VIEW);
    expect(service.asked).toHaveLength(3);
  });

  it.each([
    [400, "bad_request"],
    [401, "invalid_key"],
    [404, "not_found"],
    [413, "body_too_large"],
    [429, "queue_full"],
  ] as const)("is of no use after %i %s", async (status, code) => {
    const service = await startService(() => refusal(status, code));
    expect(await failureOf(operatorOf(service).client("cl_1"))).toMatchObject({ code });
    expect(service.asked).toHaveLength(1);
  });

  it.each(["breaks", refusal(503, "unavailable"), refusal(500, "internal")] as const)(
    "is not safe for what would be done twice",
    async (failure) => {
      const service = await startService(() => failure);
      await failureOf(operatorOf(service).retry("cl_1", "tk_1"));
      await failureOf(operatorOf(service).createEnrolmentToken());
      await failureOf(enrolClient({ url: service.url, token: "et_1", name: "n" }));
      expect(service.asked).toHaveLength(3);
    },
  );

  it("is safe even then after 429, which did nothing", async () => {
    const answer = thirdTime(refusal(429, "rate_limited"), { status: 200, body: TASK_VIEW });
    const service = await startService(answer);
    expect(await operatorOf(service).retry("cl_1", "tk_1")).toEqual(TASK_VIEW);
  });

  it("waits as long as the service asks", async () => {
    const answer = (_: Asked, call: number): Answer =>
      call === 0
        ? refusal(503, "unavailable", { "retry-after": "1" })
        : { status: 200, body: CLIENT_VIEW };
    const service = await startService(answer);
    const begun = Date.now();
    await operatorOf(service).client("cl_1");
    expect(Date.now() - begun).toBeGreaterThanOrEqual(995);
  });

  it("is left to the caller when the service asks for a long wait", async () => {
    const service = await startService(() =>
      refusal(429, "rate_limited", { "retry-after": "900" }),
    );
    const error = await failureOf(operatorOf(service).client("cl_1"));
    expect(error).toMatchObject({ retryAfterMs: 900_000 });
    expect(service.asked).toHaveLength(1);
  });

  it("ends when the caller has had enough", async () => {
    const caller = new AbortController();
    const service = await startService(() => {
      caller.abort(new Error("enough"));
      return refusal(503, "unavailable", { "retry-after": "30" });
    });
    const asking = operatorOf(service).client("cl_1", { signal: caller.signal });
    expect(await failureOf(asking)).toMatchObject({ message: "enough" });
    expect(service.asked).toHaveLength(1);
  });
});

describe("scheduling", () => {
  it("gives every task a key of its own, the same when the call is repeated", async () => {
    const service = await startService((asked, call) => (call === 0 ? "breaks" : takeAll(asked)));
    const specs: TaskSpec[] = [{ kind: "a" }, { kind: "b" }, { kind: "c", idempotencyKey: "mine" }];
    const scheduled = await operatorOf(service).schedule("cl_1", specs);
    expect(scheduled).toHaveLength(3);
    const [first, second] = service.asked.map((asked) => tasksOf(asked));
    expect(second).toEqual(first);
    const keys = first?.map((task) => task.idempotencyKey);
    expect(new Set(keys).size).toBe(3);
    expect(keys?.[2]).toBe("mine");
  });

  it("gives no keys, and repeats nothing, when it is not to try again", async () => {
    const service = await startService(takeAll);
    await operatorOf(service, 1).schedule("cl_1", [{ kind: "a" }]);
    expect(service.asked[0]?.body).toEqual({ tasks: [{ kind: "a" }] });
  });

  it("splits what is too many tasks for one call, and answers for all in order", async () => {
    const service = await startService(takeAll);
    const specs = Array.from({ length: 20_001 }, (_, n) => ({ kind: "a", args: { n } }));
    expect(await operatorOf(service).schedule("cl_1", specs)).toHaveLength(20_001);
    expect(service.asked.map((asked) => tasksOf(asked).length)).toEqual([10_000, 10_000, 1]);
    const sent = service.asked.flatMap(tasksOf);
    expect(sent.map(({ args }) => args?.n)).toEqual(specs.map((_, n) => n));
    expect(new Set(sent.map((task) => task.idempotencyKey)).size).toBe(20_001);
  });

  it("splits what is too large for one call", async () => {
    const service = await startService(takeAll);
    const specs = Array.from({ length: 40 }, () => ({
      kind: "a",
      args: { text: "ä".repeat(125_000) },
    }));
    expect(await operatorOf(service).schedule("cl_1", specs)).toHaveLength(40);
    expect(service.asked.length).toBe(2);
    for (const { headers } of service.asked) {
      expect(Number(headers["content-length"])).toBeLessThanOrEqual(8 * 1024 * 1024);
    }
  });

  it("throws the refusal itself when nothing was taken", async () => {
    const service = await startService(() => refusal(400, "invalid_task"));
    const error = await failureOf(operatorOf(service).schedule("cl_1", [{ kind: "" }]));
    expect(error).toBeInstanceOf(SluiceError);
    expect(error).toMatchObject({ code: "invalid_task" });
  });

  it("asks nothing for no tasks", async () => {
    const service = await startService(takeAll);
    expect(await operatorOf(service).schedule("cl_1", [])).toEqual([]);
    expect(service.asked).toEqual([]);
  });

  it("says what was taken when a later part is refused", async () => {
    const service = await startService((asked, call) =>
      call === 0 ? takeAll(asked) : refusal(429, "queue_full"),
    );
    const specs = Array.from({ length: 10_001 }, () => ({ kind: "a" }));
    const error = await failureOf(operatorOf(service).schedule("cl_1", specs));
    expect(error).toBeInstanceOf(PartialScheduleError);
    expect(error).toMatchObject({ cause: { code: "queue_full" } });
    expect((error as PartialScheduleError).scheduled).toHaveLength(10_000);
  });
});

describe("a list", () => {
  /** Seven rows in pages of three. */
  function page({ path }: Asked): Answer {
    const begin = Number(new URL(path, "http://x").searchParams.get("cursor") ?? 0);
    const items = [0, 1, 2, 3, 4, 5, 6].slice(begin, begin + 3);
    const cursor = begin + 3 < 7 ? String(begin + 3) : null;
    return { status: 200, body: { items, cursor } };
  }

  it("is fetched page by page while it is walked", async () => {
    const service = await startService(page);
    const seen: unknown[] = [];
    for await (const row of operatorOf(service).rows("cl_1", "tk_1", { limit: 3 })) {
      seen.push(row);
      if (seen.length === 4) break;
    }
    expect(seen).toEqual([0, 1, 2, 3]);
    expect(service.asked.map(({ path }) => path)).toEqual([
      "/v1/clients/cl_1/tasks/tk_1/rows?limit=3",
      "/v1/clients/cl_1/tasks/tk_1/rows?limit=3&cursor=3",
    ]);
  });

  it("can be had whole, or go on from a cursor", async () => {
    const service = await startService(page);
    const rows = operatorOf(service).rows("cl_1", "tk_1");
    expect(await rows.toArray()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    const pages = [];
    for await (const { items } of rows.pages("3")) pages.push(items);
    expect(pages).toEqual([[3, 4, 5], [6]]);
  });

  it("can be filtered", async () => {
    const service = await startService(() => ({ status: 200, body: { items: [], cursor: null } }));
    await operatorOf(service).tasks("cl_1", { state: "failed" }).toArray();
    expect(service.asked.map(({ path }) => path)).toEqual(["/v1/clients/cl_1/tasks?state=failed"]);
  });

  it("that is none is refused", async () => {
    const service = await startService(() => ({
      status: 200,
      body: { items: "all", cursor: null },
    }));
    const error = await failureOf(operatorOf(service).tasks("cl_1").toArray());
    expect(error).toMatchObject({ code: "unexpected_answer" });
  });
});

describe("enrolling", () => {
  it("sends the token in the body, and no key", async () => {
    const body = { clientId: "cl_1", token: "ct_1" };
    const service = await startService(() => ({ status: 201, body }));
    const facts = { os: "linux" };
    const options = { url: service.url, token: "et_1", name: "web-1", labels: ["eu"], facts };
    expect(await enrolClient(options)).toEqual(body);
    expect(service.asked).toMatchObject([
      {
        method: "POST",
        path: "/v1/enrol",
        body: { token: "et_1", name: "web-1", labels: ["eu"], facts },
      },
    ]);
    expect(service.asked[0]?.headers.authorization).toBeUndefined();
  });
});
