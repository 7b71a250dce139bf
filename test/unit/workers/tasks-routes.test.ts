import { fail, ok, type ScheduledTask, TASK_DEFAULTS, type TaskId } from "@sluice/protocol";
import { beforeEach, describe, expect, it } from "vitest";
import type { EncodedTasks } from "../../../durable-objects/client/rpc.ts";
import { asOperator, enrolledClient, type Front, startFront } from "./front-fixture.ts";

const scheduled: ScheduledTask = { id: "tk_1" as TaskId, state: "queued", duplicate: false };
let front: Front;
let clientId: string;

beforeEach(async () => {
  front = startFront({ answers: { schedule: async () => ok(JSON.stringify([scheduled])) } });
  clientId = (await enrolledClient()).clientId;
});

async function call(method: string, path: string, body?: unknown): Promise<Response> {
  return front.call(`/v1/clients/${clientId}${path}`, await asOperator(method, body));
}

describe("scheduling", () => {
  it("hands the tasks over in the form they are stored in, and answers 202", async () => {
    const args = { text: "a\nb" };
    const response = await call("POST", "/tasks", {
      tasks: [
        { kind: "a", args },
        { kind: "b", priority: 9 },
      ],
    });
    expect(response.status).toBe(202);
    expect(await response.json()).toEqual({ tasks: [scheduled] });
    const options = { ...TASK_DEFAULTS, atMostOnce: false, fairnessKey: null };
    const expected: EncodedTasks = {
      count: 2,
      lines: '"kind":"a","args":{"text":"a\\nb"}\n"kind":"b","args":{}',
      options: [options, { ...options, priority: 9 }],
      optionOf: Uint16Array.of(0, 1),
      idempotencyKeys: null,
    };
    expect(front.clients.calls).toEqual([{ name: clientId, method: "schedule", args: [expected] }]);
  });

  it("takes one task a line", async () => {
    const init = await asOperator("POST", '{"kind":"a"}\n{"kind":"b"}\n');
    const headers = new Headers(init.headers);
    headers.set("content-type", "application/x-ndjson");
    const path = `/v1/clients/${clientId}/tasks`;
    const response = await front.call(path, { ...init, headers });
    expect(response.status).toBe(202);
    expect(front.clients.calls[0]?.args[0]).toMatchObject({ count: 2, optionOf: null });
  });

  it("names the task that is wrong, and wakes nothing", async () => {
    const response = await call("POST", "/tasks", { tasks: [{ kind: "a" }, { kind: "b b" }] });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      code: "invalid_task",
      detail: expect.stringMatching(/^tasks\[1\]\.kind must/),
    });
    expect(front.clients.stubs).toBe(0);
  });

  it("is not repeated when it fails, unless every task has an idempotency key", async () => {
    const stubsFor = async (tasks: readonly object[]) => {
      const broken = async () => {
        throw Object.assign(new Error(), { retryable: true });
      };
      front = startFront({ answers: { schedule: broken } });
      const response = await call("POST", "/tasks", { tasks });
      expect(response.status).toBe(503);
      expect(response.headers.get("retry-after")).toBe("5");
      return front.clients.stubs;
    };
    const keyed = { kind: "a", idempotencyKey: "1" };
    expect(await stubsFor([keyed, { kind: "b" }])).toBe(1);
    expect(await stubsFor([keyed])).toBe(2);
  });

  it("passes on that a queue is full, with the object's own Retry-After", async () => {
    const full = { code: "queue_full", detail: "full", retryAfterSeconds: 30 } as const;
    front = startFront({ answers: { schedule: async () => fail(full) } });
    const response = await call("POST", "/tasks", { tasks: [{ kind: "a" }] });
    expect(response.status).toBe(429);
    expect(response.headers.get("retry-after")).toBe("30");
  });

  it("stops reading a body that never ends", async () => {
    const init = await asOperator("POST");
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(256 * 1024).fill(32)),
    });
    const path = `/v1/clients/${clientId}/tasks`;
    const response = await front.call(path, { ...init, body, duplex: "half" } as RequestInit);
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ code: "body_too_large" });
    expect(front.clients.stubs).toBe(0);
  });
});

describe("the calls on a client and its tasks", () => {
  it.each([
    ["GET", "", "describe", []],
    ["POST", "/revoke", "revoke", []],
    ["GET", "/tasks", "listTasks", [{ state: null, cursor: null, limit: 100 }]],
    [
      "GET",
      "/tasks?state=queued&cursor=tk_5&limit=7",
      "listTasks",
      [{ state: "queued", cursor: "tk_5", limit: 7 }],
    ],
    ["GET", "/tasks/tk_1", "getTask", ["tk_1"]],
    ["GET", "/tasks/tk_1/rows?limit=5", "listRows", ["tk_1", { cursor: null, limit: 5 }]],
    ["POST", "/tasks/tk_1/cancel", "cancelTask", ["tk_1"]],
    ["POST", "/tasks/tk_1/retry", "retryTask", ["tk_1"]],
  ])("%s %s asks the object to %s", async (method, path, asked, args) => {
    const response = await call(method, path);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ method: asked });
    expect(front.clients.calls).toEqual([{ name: clientId, method: asked, args }]);
  });

  it("changes what it is told to change, and nothing else", async () => {
    const patch = { name: "new", labels: ["a"], paused: true };
    expect((await call("PATCH", "", { ...patch, revoked: false })).status).toBe(200);
    expect(front.clients.calls[0]?.args).toEqual([patch]);
  });

  it("deletes with 204 and no content", async () => {
    const response = await call("DELETE", "");
    expect(response.status).toBe(204);
    expect(await response.text()).toBe("");
    expect(front.clients.calls).toMatchObject([{ method: "remove" }]);
  });

  it.each([
    ["PATCH", "", { paused: "yes" }, "bad_request"],
    ["PATCH", "", { labels: [""] }, "bad_request"],
    ["PATCH", "", "{", "invalid_json"],
    ["PATCH", "", "[]", "bad_request"],
    ["GET", "/tasks?state=asleep", undefined, "bad_request"],
    ["GET", "/tasks?limit=0", undefined, "bad_request"],
    ["GET", "/tasks?cursor=%20", undefined, "invalid_cursor"],
    ["GET", "/tasks/tk%201", undefined, "not_found"],
    ["GET", `/tasks/${"t".repeat(200)}`, undefined, "not_found"],
    ["GET", "/tasks/tk_1/rows?limit=-1", undefined, "bad_request"],
  ])("%s %s with %j is refused as %s", async (method, path, body, code) => {
    const response = await call(method, path, body);
    expect(await response.json()).toMatchObject({ code });
    expect(front.clients.stubs).toBe(0);
  });
});
