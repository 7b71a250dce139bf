import { describe, expect, it } from "vitest";
import { runCli } from "./command-line.ts";

const SERVICE = { SLUICE_URL: "http://127.0.0.1:9", SLUICE_KEY: "sk_test" };

describe("a command line that cannot be understood", () => {
  it.each([
    ["no such command", ["frobnicate"], "unknown command"],
    ["no such option", ["tasks", "cl_1", "--colour"], "unknown option"],
    ["an argument is missing", ["show", "cl_1"], "missing required argument 'task'"],
    ["an argument is too many", ["client", "cl_1", "cl_2"], "too many arguments"],
    ["no such state", ["tasks", "cl_1", "--state", "lost"], "Allowed choices are queued"],
    ["a priority over 9", ["task", "cl_1", "x", "--priority", "10"], "from 0 to 9"],
    ["arguments that are no JSON", ["task", "cl_1", "x", "--args", "{"], "give a JSON object"],
    ["an address that is none", ["client", "cl_1", "--url", "nowhere"], "http or https address"],
    ["half a rate limit", ["agent", "--burst", "3"], "--burst and --per-second go together"],
    ["a relative program", ["agent", "--allow-exec", "ls"], "plain absolute path"],
    ["a program that is none", ["agent", "--allow-exec", "/no/such"], "no such executable"],
  ])("ends with 2 when there is %s", async (_what, argv, reason) => {
    const { exitCode, stdout, stderr } = await runCli(argv, SERVICE);
    expect(stderr).toContain(reason);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
  });

  it("ends with 2 when no address is given", async () => {
    const { exitCode, stderr } = await runCli(["client", "cl_1", "--key", "sk_test"]);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: "sluice: give --url or set SLUICE_URL\n",
    });
  });
});

describe("an operator key", () => {
  it("is asked for with exit code 3 when there is none", async () => {
    const { exitCode, stderr } = await runCli(["client", "cl_1", "--url", SERVICE.SLUICE_URL]);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 3,
      stderr: "sluice: give --key or set SLUICE_KEY\n",
    });
  });

  it("that is broken is refused without being repeated", async () => {
    const { exitCode, stderr } = await runCli(["client", "cl_1"], {
      ...SERVICE,
      SLUICE_KEY: "sk_half\u00e9secret",
    });
    expect(exitCode).toBe(3);
    expect(stderr).not.toContain("secret");
  });

  it("from the environment is not in the help", async () => {
    const { exitCode, stdout } = await runCli(["client", "--help"], SERVICE);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("SLUICE_KEY");
    expect(stdout).not.toContain("sk_test");
  });
});

it("help and version end with 0", async () => {
  const [help, version] = await Promise.all([runCli(["--help"]), runCli(["--version"])]);
  expect(help).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("Exit codes: 0 ok") });
  expect(version).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
  });
});
