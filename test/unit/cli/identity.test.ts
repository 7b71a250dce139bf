import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  loadIdentity,
  prepareState,
  saveIdentity,
} from "../../../packages/cli/src/agent/identity.ts";
import { temporaryDirectory } from "./collecting.ts";

const identity = { url: "https://sluice.example", clientId: "cl_1", token: "ct_secret" };

describe("the identity of an agent", () => {
  it("is null before it is saved, and the same afterwards", async () => {
    const state = temporaryDirectory();
    expect(await loadIdentity(state)).toBeNull();
    await saveIdentity(state, identity);
    expect(await loadIdentity(state)).toEqual(identity);
  });

  it("is replaced whole, and leaves no unfinished file", async () => {
    const state = temporaryDirectory();
    await saveIdentity(state, identity);
    await saveIdentity(state, { ...identity, token: "ct_new" });
    expect(await loadIdentity(state)).toMatchObject({ token: "ct_new" });
    expect(readdirSync(state)).toEqual(["identity.json"]);
  });

  it.each(["", "{", "null", "[]", '{"url":"x","clientId":"cl_1"}', '{"token":7}'])(
    "that reads %j is damaged, and is not repeated in the error",
    async (text) => {
      const state = temporaryDirectory();
      writeFileSync(join(state, "identity.json"), text);
      await expect(loadIdentity(state)).rejects.toThrow(/identity\.json is damaged; remove it/);
    },
  );

  it.skipIf(process.platform === "win32")(
    "is closed to others even where an open one was",
    async () => {
      const state = join(temporaryDirectory(), "state");
      mkdirSync(state);
      chmodSync(state, 0o755);
      writeFileSync(join(state, "identity.json.new"), "", { mode: 0o644 });
      await prepareState(state);
      await saveIdentity(state, identity);
      expect(statSync(state).mode & 0o777).toBe(0o700);
      expect(statSync(join(state, "identity.json")).mode & 0o777).toBe(0o600);
    },
  );
});
