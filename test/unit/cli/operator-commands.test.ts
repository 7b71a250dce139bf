import { describe, expect, it, vi } from "vitest";
import { type Answer, type Asked, problem, runCli, startCli, stubService } from "./command-line.ts";
import { clientView, taskView } from "./views.ts";

const KEY = "sk_secret";

/** Runs one command against a service that answers as said. */
async function against(answer: (asked: Asked) => Answer, ...argv: string[]) {
  const { url, calls } = await stubService(answer);
  const ran = await runCli(argv, { SLUICE_URL: url, SLUICE_KEY: KEY });
  return { ...ran, calls };
}

const ok = (body: unknown) => () => ({ status: 200, body });
const page = (items: readonly unknown[]) => ok({ items, cursor: null });

describe("exit codes of a refusal", () => {
  it.each([
    [400, "invalid_task", 1],
    [409, "conflict", 1],
    [401, "invalid_key", 3],
    [403, "revoked", 3],
    [404, "not_found", 4],
    [500, "internal", 5],
  ])("%i %s is %i", async (status, code, expected) => {
    const refuse = () => problem(status, code, "because\u001b[2J");
    const { exitCode, stdout, stderr } = await against(refuse, "retry", "cl_1", "tk_1");
    expect({ exitCode, stdout }).toEqual({ exitCode: expected, stdout: "" });
    expect(stderr).toContain(code);
    expect(stderr).toContain("req-1");
    expect(stderr).not.toContain("\u001b");
    expect(stderr).not.toContain(KEY);
  });

  it("an answer that is not the service's is 5", async () => {
    const { exitCode } = await against(ok(["what?"]), "client", "cl_1");
    expect(exitCode).toBe(5);
  });

  it("a service that is not there is 5", async () => {
    const gone = { SLUICE_URL: "http://127.0.0.1:1", SLUICE_KEY: KEY };
    expect((await runCli(["retry", "cl_1", "tk_1"], gone)).exitCode).toBe(5);
  });
});

describe("sluice task", () => {
  const scheduled = { id: "tk_1", state: "queued", duplicate: false };
  const service =
    (task = taskView(), rows: readonly unknown[] = []) =>
    ({ call }: Asked): Answer => {
      if (call.startsWith("POST")) return { status: 202, body: { tasks: [scheduled] } };
      return { status: 200, body: call.includes("/rows") ? { items: rows, cursor: null } : task };
    };

  it("sends what the command line says, under the key, and prints the id", async () => {
    const { exitCode, stdout, calls } = await against(
      service(),
      ...["task", "cl_1", "fs.list", "--args", '{"path":"/","limit":1}', "--arg", "limit=3"],
      ...["--priority", "9", "--ttl", "60", "--timeout", "5", "--idempotency-key", "once"],
    );
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "tk_1\n" });
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({
      call: "POST /v1/clients/cl_1/tasks",
      authorization: `Bearer ${KEY}`,
    });
    expect(JSON.stringify(calls[0]?.body)).toContain(JSON.stringify({ path: "/", limit: 3 }));
    const options = { priority: 9, ttlSeconds: 60, timeoutSeconds: 5, idempotencyKey: "once" };
    for (const [name, value] of Object.entries(options)) {
      expect(JSON.stringify(calls[0]?.body)).toContain(`"${name}":${JSON.stringify(value)}`);
    }
  });

  it("waits for the end and ends with 0 when the task succeeded", async () => {
    const states = ["queued", "running", "succeeded"] as const;
    let looks = 0;
    const changing = (asked: Asked): Answer =>
      service(
        taskView({ state: states[asked.call.startsWith("GET") ? looks++ : 0] ?? "succeeded" }),
      )(asked);
    const { exitCode, stdout } = await against(changing, "task", "cl_1", "x", "--wait", "--json");
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ id: "tk_1", state: "succeeded" });
    expect(looks).toBe(3);
  });

  it.each(["failed", "cancelled", "expired", "dead", "unknown"] as const)(
    "ends with 1 when the task ended %s",
    async (state) => {
      const error = state === "failed" ? { code: "boom", message: "it broke" } : null;
      const { exitCode, stderr } = await against(
        service(taskView({ state, error })),
        ...["task", "cl_1", "x", "--wait"],
      );
      expect(exitCode).toBe(1);
      expect(stderr).toContain(`the task ended ${state}${error ? ": it broke" : ""}`);
    },
  );

  it("prints rows as a table for people, and as JSON lines for scripts", async () => {
    const rows = [{ part: 0, index: 0, row: { path: "/a\u001b[2J", size: 3 } }];
    const answer = service(taskView({ state: "succeeded" }), rows);
    const people = await against(answer, "task", "cl_1", "x", "--rows");
    expect(people.stdout).toBe("PATH  SIZE\n/a       3\n");
    const scripts = await against(answer, "task", "cl_1", "x", "--rows", "--json");
    expect(JSON.parse(scripts.stdout)).toEqual(rows[0]);
  });

  it("lets the task be when it is interrupted", async () => {
    const { url, calls } = await stubService(service());
    const argv = ["task", "cl_1", "x", "--wait"];
    const { child, ended } = startCli(argv, { SLUICE_URL: url, SLUICE_KEY: KEY });
    await vi.waitFor(() => expect(calls.length).toBeGreaterThan(1), { timeout: 60_000 });
    child.kill("SIGINT");
    const { exitCode, stderr } = await ended;
    expect(exitCode).toBe(1);
    expect(stderr).toContain("interrupted; the task goes on");
    expect(calls.filter(({ call }) => call.includes("cancel"))).toEqual([]);
  });
});

describe("sluice tasks", () => {
  it("asks for one state and prints a table", async () => {
    const { stdout, calls } = await against(
      page([taskView({ kind: "a" }), taskView({ kind: "b" })]),
      ...["tasks", "cl_1", "--state", "queued"],
    );
    expect(calls[0]?.call).toBe("GET /v1/clients/cl_1/tasks?state=queued");
    expect(stdout.split("\n")).toHaveLength(4);
  });

  it("goes through all pages, up to its limit", async () => {
    const endless = ({ call }: Asked): Answer => ({
      status: 200,
      body: {
        items: [taskView({ kind: call.includes("cursor") ? "later" : "first" })],
        cursor: "c",
      },
    });
    const { stdout } = await against(endless, "tasks", "cl_1", "--limit", "3", "--json");
    const kinds = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).kind);
    expect(kinds).toEqual(["first", "later", "later"]);
  });
});

describe("the other commands", () => {
  it.each([
    ["show", ["cl_1", "tk_1"], "GET /v1/clients/cl_1/tasks/tk_1", /^tk_1 {2}queued\n/],
    ["cancel", ["cl_1", "tk_1"], "POST /v1/clients/cl_1/tasks/tk_1/cancel", /^tk_1 queued\n$/],
    ["retry", ["cl_1", "tk_1"], "POST /v1/clients/cl_1/tasks/tk_1/retry", /^tk_1\n$/],
  ])("%s calls the service and prints its answer", async (command, ids, call, printed) => {
    const { exitCode, stdout, calls } = await against(ok(taskView()), command, ...ids);
    expect({ exitCode, calls: calls.map((asked) => asked.call) }).toEqual({
      exitCode: 0,
      calls: [call],
    });
    expect(stdout).toMatch(printed);
  });

  it.each([
    ["client", "GET /v1/clients/cl_1", /^cl_1 {2}online\n/],
    ["revoke", "POST /v1/clients/cl_1/revoke", /^cl_1 revoked\n$/],
  ])("%s calls the service and prints its answer", async (command, call, printed) => {
    const { stdout, calls } = await against(ok(clientView()), command, "cl_1");
    expect(calls.map((asked) => asked.call)).toEqual([call]);
    expect(stdout).toMatch(printed);
  });

  it("rows prints what was reported", async () => {
    const rows = [{ part: 0, index: 0, row: { pid: 1 } }];
    expect((await against(page(rows), "rows", "cl_1", "tk_1")).stdout).toBe("PID\n  1\n");
  });

  it("enrol-token prints the token alone, so that it can be taken from there", async () => {
    const minted = { token: "et_1", id: "key_1", expiresAt: "2026-01-02T00:00:00.000Z" };
    const answer = () => ({ status: 201, body: minted });
    const { stdout, stderr, calls } = await against(answer, "enrol-token", "--expires", "60");
    expect(stdout).toBe("et_1\n");
    expect(stderr).toMatch(/^expires 2026-01-02T00:00:00.000Z\nKeep it now: /);
    expect(calls[0]?.body).toEqual({ expiresInSeconds: 60 });
  });

  it.each(["show", "cancel", "retry"])("%s --json prints one document", async (command) => {
    const { stdout } = await against(ok(taskView()), command, "cl_1", "tk_1", "--json");
    expect(JSON.parse(stdout)).toEqual(taskView());
  });
});

describe("sluice watch", () => {
  it("looks again and again until it is interrupted, and then ends with 0", async () => {
    const { url, calls } = await stubService(({ call }) => {
      if (call.includes("/tasks/")) return { status: 200, body: taskView() };
      const list = { items: [taskView()], cursor: null };
      return { status: 200, body: call.includes("/tasks") ? list : clientView() };
    });
    const argv = ["watch", "cl_1", "--interval", "0.05", "--json"];
    const { child, ended } = startCli(argv, { SLUICE_URL: url, SLUICE_KEY: KEY });
    await vi.waitFor(() => expect(calls.length).toBeGreaterThanOrEqual(9), { timeout: 60_000 });
    child.kill("SIGINT");
    const { exitCode, stdout } = await ended;
    expect(exitCode).toBe(0);
    const looks = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(looks.length).toBeGreaterThanOrEqual(2);
    expect(looks[0]).toMatchObject({ client: { id: "cl_1" }, tasks: [{ id: "tk_1" }] });
  });
});
