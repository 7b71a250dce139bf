import { createHash } from "node:crypto";
import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";
import { authenticateAdmin } from "../../../workers/front/authenticate-admin.ts";
import { equalBytes } from "../../../workers/keys/bytes.ts";
import { ADMIN_SECRET } from "../../builders/secrets.ts";
import { startFront } from "./front-fixture.ts";

// Test files share the modules that they load: this one loads them anew, and so does the next.
vi.hoisted(() => vi.resetModules());
// The real comparison, which also tells what it was given.
vi.mock("../../../workers/keys/bytes.ts", { spy: true });

afterAll(() => {
  vi.doUnmock("../../../workers/keys/bytes.ts");
  vi.resetModules();
});

beforeEach(() => {
  vi.mocked(equalBytes).mockClear();
});

/** Whether a secret opens a deployment whose secret is another one, or the same. */
async function opens(presented: string, secret = ADMIN_SECRET): Promise<boolean> {
  const { context } = startFront();
  const env = { ...context.env, ADMIN_SECRET: secret };
  const headers = new Headers({ authorization: `Bearer ${presented}` });
  return (await authenticateAdmin(headers, { ...context, env })).ok;
}

const bytesOfHash = (secret: string) =>
  new TextEncoder().encode(createHash("sha256").update(secret).digest("hex"));

describe("the admin's secret", () => {
  it.each([
    ["the right one", ADMIN_SECRET, true],
    ["one that differs at its beginning", `x${ADMIN_SECRET.slice(1)}`, false],
    ["one that differs at its end", `${ADMIN_SECRET.slice(0, -1)}_`, false],
    ["a shorter one", ADMIN_SECRET.slice(0, -1), false],
    ["a longer one", `${ADMIN_SECRET}x`, false],
    ["one in other letters", ADMIN_SECRET.toUpperCase(), false],
  ])("is compared by hashes, all of them: %s", async (_, presented, isRight) => {
    expect(await opens(presented)).toBe(isRight);
    const hashes = [bytesOfHash(ADMIN_SECRET), bytesOfHash(presented)];
    expect(vi.mocked(equalBytes).mock.calls).toEqual([hashes]);
  });

  it("opens nothing where it is short enough to be guessed, or none was set", async () => {
    expect(await opens("fifteen-letters", "fifteen-letters")).toBe(false);
    expect(await opens("sixteen-letters-", "sixteen-letters-")).toBe(true);
    expect(await opens("", "")).toBe(false);
  });
});
