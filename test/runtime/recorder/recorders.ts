import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { AccountId } from "@sluice/protocol";
import type { Recorder } from "../../../durable-objects/recorder/object.ts";
import { type Recording, recorderName } from "../../../durable-objects/recorder/rpc.ts";
import { aJudgedTrack } from "../../builders/recorded.ts";
import { aRecording, freshAccount, freshId } from "../../builders/registry.ts";

export type RecorderStub = DurableObjectStub<Recorder>;

/** The recorder of a site that no other test has. */
export function freshRecorder(): RecorderStub {
  return recorderOf(freshAccount(), freshId());
}

export function recorderOf(account: AccountId, siteId: string): RecorderStub {
  return env.RECORDER.getByName(recorderName(account, siteId));
}

/** A recorder that was told to record. */
export async function recording(overrides: Partial<Recording> = {}): Promise<RecorderStub> {
  const recorder = freshRecorder();
  await recorder.follow(1, aRecording(overrides));
  return recorder;
}

/** Offers movements with these seeds; what became of the last. */
export async function offer(recorder: RecorderStub, ...seeds: number[]) {
  let taking = null;
  for (const seed of seeds) taking = await recorder.record(aJudgedTrack(seed));
  return taking;
}

/** What would be exported, parsed; all of it on one page. */
export async function exported(recorder: RecorderStub): Promise<{ readonly label: number }[]> {
  const page = await recorder.tracks({ cursor: null, limit: 1_000 });
  if (!page.ok || page.value.cursor !== null) throw new Error("not one page");
  return page.value.items.map((line) => JSON.parse(line));
}

/** Names of all tables, and when the alarm will be. */
export function stored(recorder: RecorderStub) {
  return runInDurableObject(recorder, async (_, { storage }) => ({
    tables: storage.sql
      .exec(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\'",
      )
      .toArray()
      .map(({ name }) => String(name)),
    alarmAt: await storage.getAlarm(),
  }));
}

export function rowsOf(recorder: RecorderStub): Promise<Record<string, SqlStorageValue>[]> {
  return runInDurableObject(recorder, (_, { storage }) =>
    storage.sql.exec("SELECT * FROM batches ORDER BY seq").toArray(),
  );
}
