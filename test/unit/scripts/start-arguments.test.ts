import { isAbsolute } from "node:path";
import { describe, expect, it } from "vitest";
import { readStartArguments } from "../../../scripts/start-arguments.ts";

const USAGE = "npm start -- [--port 8787] [--demo-port 8788]";

describe("the arguments of npm start", () => {
  it("are a port, any room for the demonstration and a folder here, where none are given", () => {
    const { port, demoPort, storage } = readStartArguments([]);
    expect([port, demoPort]).toEqual([8787, null]);
    expect(storage).toMatch(/\.sluice$/);
    expect(isAbsolute(storage)).toBe(true);
  });

  it("are taken as they are given", () => {
    const words = ["--port", "0", "--demo-port=65535", "--storage", "/srv/sluice"];
    expect(readStartArguments(words)).toEqual({
      port: 0,
      demoPort: 65_535,
      storage: "/srv/sluice",
    });
  });

  it.each([
    ...["abc", "-1", "65536", "1.5", "", " 1"].map((port) => ["--port", port] as const),
    ["--demo-port", "abc"] as const,
  ])("%s=%s is refused with the usage", (option, port) => {
    const read = () => readStartArguments([`${option}=${port}`]);
    expect(read).toThrow(`${option} must be a number from 0 to 65535`);
    expect(read).toThrow(USAGE);
  });

  it.each([["--prot=1"], ["8787"], ["--storage"]])("%s is refused with the usage", (word) => {
    expect(() => readStartArguments([word])).toThrow(USAGE);
  });
});
