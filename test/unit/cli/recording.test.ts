import { describe, expect, it } from "vitest";
import { runCli, stubService } from "./command-line.ts";

const SITE = {
  id: "01",
  sitekey: "site_1",
  name: "shop",
  hostnames: ["shop.example"],
  policy: { difficulty: "normal", enrols: false },
};
const RECORDING = { label: "human", source: "staff", sharePercent: 10, days: 30 };

/** Runs `sluice site …` against a service with one site; what it sent to change it, and what it printed. */
async function site(recording: object | null, ...argv: string[]) {
  const { url, calls } = await stubService(({ call }) => {
    if (call.includes("/tracks")) return { status: 200, body: { items: TRACKS, cursor: null } };
    return { status: 200, body: { ...SITE, secret: "ss_1", recording } };
  });
  const ran = await runCli(["site", ...argv], { SLUICE_URL: url, SLUICE_KEY: "sk_1" });
  const sent = calls.find(({ call }) => !call.startsWith("GET"));
  return { ...ran, calls: calls.map(({ call }) => call), sent: sent?.body };
}

const TRACKS = [
  { id: "a", label: 1, pts: [[0, 0, 0]] },
  { id: "b", label: 1, pts: [[0, 0, 0]] },
];

describe("sluice site", () => {
  it("has movements kept under a label, and says so", async () => {
    const options = ["--record", "script", "--record-source", "trap", "--record-share", "50"];
    const { sent, stdout } = await site(RECORDING, "update", "site_1", ...options);
    expect(sent).toEqual({
      recording: { label: "script", source: "trap", sharePercent: 50, days: 30 },
    });
    expect(stdout).toMatch(/keeps tracks +10% as human as staff, for 30 days\n/);
  });

  it("has them kept from the start", async () => {
    const options = ["--hostname", "shop.example", "--record", "human", "--record-days", "90"];
    const { sent } = await site(null, "create", "shop", ...options);
    expect(sent).toMatchObject({ recording: { label: "human", days: 90 } });
  });

  it("leaves the rest of a recording as it was", async () => {
    const { sent } = await site(RECORDING, "update", "site_1", "--record-days", "7");
    expect(sent).toEqual({ recording: { ...RECORDING, days: 7 } });
  });

  it("ends a recording, and leaves it alone when it is not spoken of", async () => {
    expect((await site(RECORDING, "update", "site_1", "--no-record")).sent).toEqual({
      recording: null,
    });
    const { sent } = await site(RECORDING, "update", "site_1", "--name", "new");
    expect(sent).toEqual({ name: "new" });
  });

  it.each([
    ["no label", ["--record-days", "7"], "give --record"],
    ["a label that there is not", ["--record", "bot"], "Allowed choices"],
    ["more days than there may be", ["--record", "human", "--record-days", "91"], "from 1 to 90"],
    ["more than all", ["--record", "human", "--record-share", "101"], "from 1 to 100"],
  ])("ends with 2 with %s, and changes nothing", async (_, options, complaint) => {
    const { exitCode, stderr, sent } = await site(null, "update", "site_1", ...options);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(complaint);
    expect(sent).toBeUndefined();
  });

  it("prints what is kept, a line each, as the training reads it", async () => {
    const { stdout, stderr, calls } = await site(RECORDING, "tracks", "site_1");
    expect(stdout).toBe(TRACKS.map((track) => `${JSON.stringify(track)}\n`).join(""));
    expect(stderr).toBe("");
    expect(calls).toEqual(["GET /v1/sites/site_1/tracks"]);
  });

  it("erases what is kept", async () => {
    const { exitCode, calls } = await site(RECORDING, "erase-tracks", "site_1");
    expect({ exitCode, calls }).toEqual({ exitCode: 0, calls: ["DELETE /v1/sites/site_1/tracks"] });
  });
});
