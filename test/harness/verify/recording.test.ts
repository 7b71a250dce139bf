import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readTracks } from "../../../model/tracks/read-tracks.ts";
import { openChallenge } from "../../../workers/verify/challenge.ts";
import { keyRing } from "../../builders/keys.ts";
import { aMovement } from "../../builders/movements.ts";
import { type Running, runSluice } from "../running.ts";
import { openSite, type SocketSite } from "./site.ts";

const ON = { label: "human", source: "staff", sharePercent: 100 };

let running: Running;
beforeAll(async () => {
  running = await runSluice();
});
afterAll(async () => {
  await running.service.stop();
  expect(running.troubles).toEqual([]);
});

/** A site that shows a slider and lets everyone in. */
function sliderSite(fields: object = {}): Promise<SocketSite> {
  return openSite(running, { mode: "slider", threshold: 0, ...fields });
}

let hands = 0;

/** Moves the piece of a new challenge to its place, with a hand of its own; the movement. */
async function slide({ visitor }: SocketSite) {
  const challenge = await visitor.ask();
  const opened = openChallenge(keyRing(), challenge.challenge);
  hands += 1;
  const track = { pointer: "mouse", points: aMovement(hands) } as const;
  const answer = await visitor.solve(challenge, { answer: opened?.sliderX ?? null, track });
  expect(answer.verdict).toBe("pass");
  return track.points;
}

function call(method: string, path: string, body?: object, headers: object = {}) {
  const { service, operatorKey } = running;
  return fetch(`${service.url}/v1/sites/${path}`, {
    method,
    headers: {
      authorization: `Bearer ${operatorKey}`,
      "content-type": "application/json",
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

interface Listed {
  readonly items: readonly { readonly pts: unknown }[];
  readonly cursor: string | null;
}

async function listed({ sitekey }: SocketSite, query = ""): Promise<Listed> {
  const response = await call("GET", `${sitekey}/tracks${query}`);
  expect(response.status).toBe(200);
  return response.json();
}

/** Waits until so many movements are listed: a recording goes on after the answer. */
async function listedAtLast(site: SocketSite, count: number): Promise<Listed> {
  for (;;) {
    const list = await listed(site);
    if (list.items.length === count) return list;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe("the movements of a site's visitors", () => {
  test("are kept nowhere unless its owner wants it", async () => {
    const site = await sliderSite();
    await slide(site);
    const view = await (await call("GET", site.sitekey)).json();
    expect(view).toMatchObject({ recording: null });
    expect(await listed(site)).toEqual({ items: [], cursor: null });
  });

  test("are exported as the training reads them", async () => {
    const site = await sliderSite({ recording: ON });
    const moved = [await slide(site), await slide(site), await slide(site)];
    await listedAtLast(site, moved.length);
    const folder = await mkdtemp(join(tmpdir(), "sluice-tracks-"));
    try {
      await writeFile(join(folder, "staff.jsonl"), await exportLines(site));
      const tracks = await readTracks(folder);
      const known = { source: "staff", human: true, family: "human-mouse" };
      expect(tracks).toMatchObject(moved.map((points) => ({ ...known, points })));
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test("are kept when their object sleeps, and gone when they are erased; the next are kept", async () => {
    const site = await sliderSite({ recording: ON });
    await slide(site);
    await listedAtLast(site, 1);
    const { id } = await (await call("GET", site.sitekey)).json();
    await running.service.evict("Recorder", `ac_0000000000000:${id}`);
    expect((await listed(site)).items).toHaveLength(1);
    expect((await call("DELETE", `${site.sitekey}/tracks`)).status).toBe(204);
    expect((await listed(site)).items).toEqual([]);
    const points = await slide(site);
    expect((await listedAtLast(site, 1)).items[0]?.pts).toEqual(points);
  });

  test("are erased when its owner wants no more, and are not found with the site", async () => {
    const site = await sliderSite({ recording: ON });
    await slide(site);
    await listedAtLast(site, 1);
    const off = await call("PATCH", site.sitekey, { recording: null });
    expect(await off.json()).toMatchObject({ recording: null });
    await listedAtLast(site, 0);
    await slide(site);
    expect((await listed(site)).items).toEqual([]);
    await call("DELETE", site.sitekey);
    for (const method of ["GET", "DELETE"]) {
      expect((await call(method, `${site.sitekey}/tracks`)).status).toBe(404);
    }
  });
});

test("what does not fit is refused by name, and changes nothing", async () => {
  const { sitekey } = await sliderSite({ recording: ON });
  for (const [field, wrong] of [
    ["recording.label", { label: "bot" }],
    ["recording.days", { label: "human", days: 365 }],
    ["recording.sharePercent", { label: "human", sharePercent: 200 }],
  ] as const) {
    const response = await call("PATCH", sitekey, { recording: wrong });
    expect(response.status).toBe(400);
    const { code, detail } = await response.json();
    expect([code, detail.startsWith(field)]).toEqual(["bad_request", true]);
  }
  const view = await (await call("GET", sitekey)).json();
  expect(view.recording).toEqual({ ...ON, days: 30 });
});

/** All lines, page by page, as an operator's script gets them. */
async function exportLines({ sitekey }: SocketSite): Promise<string> {
  let text = "";
  let cursor: string | null = "";
  while (cursor !== null) {
    const query = cursor === "" ? "?limit=2" : `?limit=2&cursor=${cursor}`;
    const accept = { accept: "application/x-ndjson" };
    const page = await call("GET", `${sitekey}/tracks${query}`, undefined, accept);
    text += await page.text();
    cursor = page.headers.get("next-cursor");
  }
  return text;
}
