import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { JsonObject } from "@sluice/protocol";
import { describe, expect, it, vi } from "vitest";
import { buildAllowList } from "../../../packages/cli/src/collectors/allow-list.ts";
import { exec } from "../../../packages/cli/src/collectors/exec.ts";
import { collectors } from "../../../packages/cli/src/collectors/index.ts";
import { collect, recordingContext, refusal, temporaryDirectory } from "./collecting.ts";

const NOT_ALLOWED = "this program is not allowed on this agent";

/** Writes an executable script that runs under this Node and returns its path. */
function script(body: string, directory = temporaryDirectory(), name = "program"): string {
  const path = join(directory, name);
  writeFileSync(path, `#!${process.execPath}\n${body}`);
  chmodSync(path, 0o755);
  return path;
}

function allowing(...programs: string[]) {
  const allowed = buildAllowList(programs);
  if (!allowed.ok) throw new Error(allowed.error);
  return exec(allowed.value);
}

const lines = (rows: readonly JsonObject[], stream = "stdout") =>
  rows.filter((row) => row.stream === stream).map(({ line }) => line);

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    // A killed process that nobody has waited for yet still has its number.
    return !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
};

describe.skipIf(process.platform === "win32")("exec", () => {
  it("sends the lines of both streams, then how the program ended", async () => {
    const program = script("console.log('one\\ntwo'); console.error('bad'); process.exitCode = 3;");
    const { rows } = await collect(allowing(program), { program });
    expect(lines(rows)).toEqual(["one", "two"]);
    expect(lines(rows, "stderr")).toEqual(["bad"]);
    expect(rows.at(-1)).toEqual({ exitCode: 3, signal: null, truncated: false });
  });

  it("hands arguments over as they are: no shell reads them", async () => {
    const program = script("console.log(JSON.stringify(process.argv.slice(2)));");
    const args = ["; touch /tmp/pwned", "$(id)", "`id`", "a b", "*", "", "|| true", "> out"];
    const { rows } = await collect(allowing(program), { program, args });
    expect(JSON.parse(String(lines(rows)[0]))).toEqual(args);
  });

  it("gives an empty input, and nothing of the agent's environment", async () => {
    vi.stubEnv("SLUICE_KEY", "secret");
    const program = script(
      "const input = require('node:fs').readFileSync(0, 'utf8');" +
        "console.log(JSON.stringify({ input, names: Object.keys(process.env).sort() }));",
    );
    const { rows } = await collect(allowing(program), { program });
    const seen = JSON.parse(String(lines(rows)[0]));
    expect(seen).toEqual({ input: "", names: ["LANG", "PATH"] });
    vi.unstubAllEnvs();
  });

  it("says by which signal a program ended", async () => {
    const program = script("process.kill(process.pid, 'SIGTERM'); setTimeout(() => {}, 60_000);");
    const { rows } = await collect(allowing(program), { program });
    expect(rows.at(-1)).toMatchObject({ exitCode: null, signal: "SIGTERM" });
  });

  it("fails when the program cannot start", async () => {
    const program = join(temporaryDirectory(), "program");
    writeFileSync(program, "#!/nonexistent/interpreter\n");
    chmodSync(program, 0o755);
    await expect(collect(allowing(program), { program })).rejects.toThrow("ENOENT");
  });
});

describe.skipIf(process.platform === "win32")("the bounds of exec", () => {
  const endless = "for (;;) require('node:fs').writeSync(1, 'x'.repeat(99) + '\\n');";

  it("stop a program at maxLines", async () => {
    const program = script(endless);
    const { rows } = await collect(allowing(program), { program, maxLines: 5 });
    expect(lines(rows)).toHaveLength(5);
    expect(rows.at(-1)).toEqual({ exitCode: null, signal: "SIGKILL", truncated: true });
  });

  it("stop a program at maxBytes", async () => {
    const program = script(endless);
    const { rows } = await collect(allowing(program), { program, maxBytes: 1_050 });
    expect(lines(rows).join("").length).toBe(10 * 99 + 50);
    expect(rows.at(-1)).toMatchObject({ truncated: true });
  });

  it("do not wait for a process that left the group and holds the output open", async () => {
    const program = script(
      "const { spawn } = require('node:child_process');" +
        "const left = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)']," +
        "  { detached: true, stdio: ['ignore', 'inherit', 'inherit'] });" +
        "left.unref(); console.log(left.pid);",
    );
    const { rows } = await collect(allowing(program), { program });
    const left = Number(lines(rows)[0]);
    expect(isAlive(left)).toBe(true); // else there was nothing to wait for
    process.kill(left, "SIGKILL");
    expect(rows.at(-1)).toEqual({ exitCode: 0, signal: null, truncated: true });
  });

  it("lose nothing when the receiver of the rows is slow", async () => {
    const program = script("for (let n = 0; n < 600; n++) console.log('x'.repeat(500));");
    const parsed = allowing(program).parse({ program });
    if (!parsed.ok) throw new Error(parsed.error);
    const { context, rows } = recordingContext();
    const slow = {
      ...context,
      rows: async (part: readonly JsonObject[]) => {
        await delay(700);
        rows.push(...part);
      },
    };
    await allowing(program).run(parsed.value, slow);
    expect(lines(rows)).toHaveLength(600);
    expect(rows.at(-1)).toMatchObject({ exitCode: 0, truncated: false });
  });
});

describe.skipIf(process.platform === "win32")("an aborted task of exec", () => {
  it("has its whole process tree killed", async () => {
    const directory = temporaryDirectory();
    const pidFile = join(directory, "pids");
    const program = script(
      "const { spawn } = require('node:child_process');" +
        "const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)']);" +
        `require('node:fs').writeFileSync(${JSON.stringify(pidFile)}, process.pid + ' ' + child.pid);` +
        "setTimeout(() => {}, 60_000);",
      directory,
    );
    const cancel = new AbortController();
    const running = collect(allowing(program), { program }, cancel.signal);
    const pids = await vi.waitFor(
      () => {
        const ids = readFileSync(pidFile, "utf8").split(" ").map(Number);
        if (ids.length < 2) throw new Error("not started yet");
        return ids;
      },
      { timeout: 60_000 },
    );
    expect(pids.map(isAlive)).toEqual([true, true]);

    cancel.abort(new Error("out of time"));

    await expect(running).rejects.toThrow("out of time");
    await vi.waitFor(() => expect(pids.map(isAlive)).toEqual([false, false]), 60_000);
  });

  it("is not started when the abort came first", async () => {
    const marker = join(temporaryDirectory(), "started");
    const program = script(`require('node:fs').writeFileSync(${JSON.stringify(marker)}, '');`);
    const aborted = AbortSignal.abort(new Error("cancelled"));
    await expect(collect(allowing(program), { program }, aborted)).rejects.toThrow("cancelled");
    expect(() => readFileSync(marker)).toThrow("ENOENT");
  });
});

describe.skipIf(process.platform === "win32")("the allow-list of exec", () => {
  it("is what makes an agent offer it at all", () => {
    expect(collectors(new Map()).map(({ kind }) => kind)).not.toContain("exec");
    const program = script("");
    expect(collectors(new Map([[program, program]])).map(({ kind }) => kind)).toContain("exec");
  });

  it("is matched by the whole path, exactly as it was allowed", () => {
    const directory = temporaryDirectory();
    const program = script("", directory);
    script("", directory, "other");
    symlinkSync(program, join(directory, "link"));
    const collector = allowing(program);

    expect(refusal(collector, { program })).toBeNull();
    for (const attempt of [
      join(directory, "other"),
      join(directory, "link"),
      `${directory}/./program`,
      `${directory}/../${directory.split("/").at(-1)}/program`,
      `${program}/`,
      `${program} `,
      program.toUpperCase(),
    ]) {
      expect(refusal(collector, { program: attempt }), attempt).toBe(NOT_ALLOWED);
    }
  });

  it("is not searched by name, whatever PATH says", () => {
    const directory = temporaryDirectory();
    vi.stubEnv("PATH", directory);
    const collector = allowing(script("", directory));
    for (const program of ["program", "./program"]) {
      expect(refusal(collector, { program })).toBe('argument "program" must be an absolute path');
    }
    vi.unstubAllEnvs();
  });

  it("allows one command of a binary with many names, not the others", async () => {
    const directory = temporaryDirectory();
    const many = script("console.log(process.argv[1].split('/').at(-1));", directory, "many");
    symlinkSync(many, join(directory, "ls"));
    symlinkSync(many, join(directory, "rm"));
    const collector = allowing(join(directory, "ls"));
    expect(refusal(collector, { program: join(directory, "rm") })).toBe(NOT_ALLOWED);
    expect(refusal(collector, { program: many })).toBe(NOT_ALLOWED);
    const { rows } = await collect(collector, { program: join(directory, "ls") });
    expect(lines(rows)).toEqual(["ls"]);
  });

  it("does not let an allowed path lead elsewhere later", async () => {
    const directory = temporaryDirectory();
    const link = join(directory, "tool");
    symlinkSync(script("", directory, "harmless"), link);
    const collector = allowing(link);
    const parsed = collector.parse({ program: link });
    if (!parsed.ok) throw new Error(parsed.error);

    rmSync(link);
    symlinkSync(script("", directory, "harmful"), link);

    expect(refusal(collector, { program: link })).toBe(NOT_ALLOWED);
    const { context } = recordingContext();
    await expect(collector.run(parsed.value, context)).rejects.toThrow("exchanged");
  });

  it("takes only plain absolute paths of executable files", () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, "folder"));
    writeFileSync(join(directory, "text"), "");
    for (const wrong of ["program", "./program", `${directory}/../x`]) {
      expect(buildAllowList([wrong])).toMatchObject({ error: expect.stringContaining("plain") });
    }
    for (const wrong of ["folder", "text", "none"]) {
      expect(buildAllowList([join(directory, wrong)])).toEqual({
        ok: false,
        error: `--allow-exec ${join(directory, wrong)}: there is no such executable file`,
      });
    }
  });

  it("tells the caller of a refusal nothing of what is allowed", () => {
    const program = script("");
    const [offered] = collectors(new Map([[program, program]])).slice(-1);
    expect(offered && refusal(offered, { program: "/bin/sh" })).toBe(`exec: ${NOT_ALLOWED}`);
  });
});
