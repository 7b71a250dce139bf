import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { agentService } from "./agent-service.ts";
import { temporaryDirectory } from "./collecting.ts";
import { problem, runCli, startCli } from "./command-line.ts";

const PATIENCE = { timeout: 60_000 };

/** Starts an agent that enrols with a service, and waits until it is connected. */
async function connectedAgent(...options: string[]) {
  const service = await agentService();
  const state = join(temporaryDirectory(), "state");
  const argv = ["agent", "--url", service.url, "--state", state, "--json", ...options];
  const agent = startCli(argv, { SLUICE_ENROL_TOKEN: "et_secret" });
  await vi.waitFor(() => expect(agent.written.stdout).toContain('"connected"'), PATIENCE);
  return { service, state, agent, argv };
}

const told = (stdout: string) =>
  stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line).type);

describe("an agent on its first run", () => {
  it("enrols with its name, labels and facts, and connects with the token that it was given", async () => {
    const { service } = await connectedAgent("--name", "box", "--label", "a", "--label", "b=c");
    expect(service.calls[0]).toMatchObject({
      call: "POST /v1/enrol",
      body: {
        token: "et_secret",
        name: "box",
        labels: ["a", "b=c"],
        facts: { os: process.platform, arch: process.arch, hostname: hostname() },
      },
    });
    expect(service.tokens).toEqual(["Bearer ct_secret"]);
    expect(service.frames[0]).toMatchObject({
      type: "hello",
      agent: expect.stringMatching(/^sluice-agent\/\d/),
    });
  });

  it.skipIf(process.platform === "win32")("keeps its state from other users", async () => {
    const { state } = await connectedAgent();
    expect(statSync(state).mode & 0o777).toBe(0o700);
    expect(readdirSync(state)).toContain("journal");
    for (const file of readdirSync(state)) {
      expect(statSync(join(state, file)).mode & 0o777, file).toBe(0o600);
    }
  });

  it("never prints a token", async () => {
    const { agent } = await connectedAgent();
    agent.child.kill("SIGTERM");
    const { stdout, stderr } = await agent.ended;
    expect(stdout + stderr).not.toMatch(/ct_secret|et_secret/);
  });

  it("ends with 2 when it has nothing to enrol with", async () => {
    const argv = ["agent", "--url", "http://127.0.0.1:9", "--state", temporaryDirectory()];
    const { exitCode, stderr } = await runCli(argv);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: "sluice: give --enrol-token or set SLUICE_ENROL_TOKEN to enrol\n",
    });
  });

  it("ends with 3 when its enrolment token is refused, and keeps nothing", async () => {
    const service = await agentService(() => problem(401, "invalid_key", "no"));
    const state = temporaryDirectory();
    const argv = ["agent", "--url", service.url, "--state", state, "--enrol-token", "et_x"];
    expect((await runCli(argv)).exitCode).toBe(3);
    expect(readdirSync(state)).toEqual([]);
  });
});

describe("an agent that is enrolled", () => {
  it("does not enrol again", async () => {
    const { agent, argv, service } = await connectedAgent();
    agent.child.kill("SIGTERM");
    await agent.ended;
    const again = startCli(argv);
    await vi.waitFor(() => expect(again.written.stdout).toContain('"connected"'), PATIENCE);
    expect(service.calls).toHaveLength(1);
    expect(service.tokens).toEqual(["Bearer ct_secret", "Bearer ct_secret"]);
  });

  it("does not show its token to another service", async () => {
    const { agent, state, service } = await connectedAgent();
    agent.child.kill("SIGTERM");
    await agent.ended;
    const other = await agentService();
    const { exitCode, stderr } = await runCli(["agent", "--url", other.url, "--state", state]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`this state directory belongs to ${service.url}`);
    expect(other.tokens).toEqual([]);
  });

  it("says so when its identity is damaged", async () => {
    const state = temporaryDirectory();
    writeFileSync(join(state, "identity.json"), '{"token":"ct_secret"');
    const { exitCode, stderr } = await runCli(["agent", "--state", state]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("damaged");
    expect(stderr).not.toContain("ct_secret");
  });

  it("shares its state directory with no other", async () => {
    const { argv } = await connectedAgent();
    const { exitCode, stderr } = await runCli(argv);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("another agent uses this state directory");
  });

  it("may have its token from a file", async () => {
    const service = await agentService();
    const directory = temporaryDirectory();
    writeFileSync(join(directory, "token"), "ct_from_file\n");
    const agent = startCli([
      ...["agent", "--url", service.url, "--state", join(directory, "state")],
      ...["--token-file", join(directory, "token")],
    ]);
    await vi.waitFor(() => expect(service.tokens).toEqual(["Bearer ct_from_file"]), PATIENCE);
    await vi.waitFor(() => expect(agent.written.stdout).toMatch(/connected as cl_1/), PATIENCE);
    expect(service.calls).toEqual([]);
  });
});

describe("an agent at work", () => {
  it("runs the collector of a task and reports its rows", async () => {
    const { service, agent } = await connectedAgent();
    service.deliver({ kind: "system.info" });
    await vi.waitFor(() => {
      expect(service.items().at(-1)).toMatchObject({ id: "tk_1", event: "succeeded" });
    }, PATIENCE);
    expect(service.items()).toContainEqual(
      expect.objectContaining({
        event: "rows",
        rows: [expect.objectContaining({ hostname: hostname() })],
      }),
    );
    expect(told(agent.written.stdout)).toEqual(
      expect.arrayContaining(["enrolled", "ready", "connected", "task_started", "task_done"]),
    );
  });

  it("fails a task whose arguments are wrong, with the reason", async () => {
    const { service } = await connectedAgent();
    service.deliver({ kind: "fs.list", args: { path: "relative" } });
    await vi.waitFor(() => {
      expect(service.items().at(-1)).toMatchObject({
        event: "failed",
        error: {
          code: "invalid_args",
          message: 'fs.list: argument "path" must be an absolute path',
        },
      });
    }, PATIENCE);
  });

  it("does not run programs unless it was told which", async () => {
    const { service } = await connectedAgent();
    service.deliver({ kind: "exec", args: { program: process.execPath } });
    await vi.waitFor(() => {
      expect(service.items().at(-1)).toMatchObject({
        event: "failed",
        error: { code: "unknown_kind" },
      });
    }, PATIENCE);
  });

  it("says what it can take", async () => {
    const pace = ["--burst", "10", "--per-second", "0.5", "--slots", "3"];
    const { service } = await connectedAgent(...pace);
    expect(service.frames[0]).toMatchObject({
      capacity: { burst: 10, perSecond: 0.5, tokens: 10, slots: 3 },
    });
  });
});

describe("the end of an agent", () => {
  it.each(["SIGTERM", "SIGINT"] as const)(
    "by %s lets what runs finish and be reported, with exit code 0",
    async (signal) => {
      const directory = temporaryDirectory();
      const release = join(directory, "release");
      const program = join(directory, "program");
      const wait = `const fs = require('node:fs'); const name = ${JSON.stringify(release)};`;
      writeFileSync(
        program,
        `#!${process.execPath}\n${wait} setInterval(() => fs.existsSync(name) && process.exit(0), 20);`,
        { mode: 0o755 },
      );
      const { service, agent } = await connectedAgent("--allow-exec", program);
      service.deliver({ kind: "exec", args: { program } });
      await vi.waitFor(() => expect(agent.written.stdout).toContain("task_started"), PATIENCE);

      agent.child.kill(signal);
      await vi.waitFor(() => expect(agent.written.stdout).toContain("draining"), PATIENCE);
      writeFileSync(release, "");

      expect((await agent.ended).exitCode).toBe(0);
      expect(service.items().at(-1)).toMatchObject({ id: "tk_1", event: "succeeded" });
      expect(told(agent.written.stdout).at(-1)).toBe("ended");
    },
  );

  it("is not put off by a task that ended long before its timeout", async () => {
    const { service, agent } = await connectedAgent();
    service.deliver({ kind: "system.info", timeoutMs: 600_000 });
    await vi.waitFor(() => {
      expect(service.items().at(-1)).toMatchObject({ event: "succeeded" });
    }, PATIENCE);
    agent.child.kill("SIGTERM");
    expect((await agent.ended).exitCode).toBe(0);
  });

  it.each([
    [4403, "this client was revoked"],
    [4401, "the service does not accept the client token"],
  ])("by close code %i is final, with exit code 3", async (code, reason) => {
    const { service, agent } = await connectedAgent();
    service.close(code);
    const { exitCode, stderr } = await agent.ended;
    expect({ exitCode, stderr }).toEqual({ exitCode: 3, stderr: `sluice: ${reason}\n` });
  });

  it("is not a connection that is lost: it says when it tries again", async () => {
    const { service, agent } = await connectedAgent();
    service.close(4503);
    await vi.waitFor(() => expect(agent.written.stdout).toContain('"disconnected"'), PATIENCE);
    expect(agent.child.exitCode).toBeNull();
  });
});

it("an identity is stored for one service and one client", async () => {
  const { service, state } = await connectedAgent();
  expect(JSON.parse(readFileSync(join(state, "identity.json"), "utf8"))).toEqual({
    url: service.url,
    clientId: "cl_1",
    token: "ct_secret",
  });
});
