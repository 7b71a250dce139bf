import { execFile, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { fileJournal } from "../../../packages/sdk/src/journal/file-journal.ts";
import { type Journal, JournalLockedError } from "../../../packages/sdk/src/journal/journal.ts";
import { snapshotRecords } from "../../../packages/sdk/src/journal/journal-state.ts";
import type { JournalRecord } from "../../../packages/sdk/src/journal/record.ts";
import { happenings, recordsOf, replay } from "./builders/histories.ts";
import { delivered } from "./builders/tasks.ts";

const SOURCES = join(import.meta.dirname, "../../../packages/sdk/src");
const JOURNAL_MODULE = join(SOURCES, "journal/file-journal.ts");
const STATE_MODULE = join(SOURCES, "journal/journal-state.ts");

const reported = (seq: number): JournalRecord => ({ type: "reported", seq });

/** The path of a journal in a folder that goes with the test. */
function journalPath(): string {
  const folder = mkdtempSync(join(tmpdir(), "sluice-journal-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "journal");
}

async function open(path: string): Promise<Journal> {
  const journal = fileJournal(path);
  await journal.open();
  return journal;
}

/** Opens, reads and closes. */
async function read(path: string) {
  const journal = fileJournal(path);
  const opened = await journal.open();
  await journal.close();
  return opened;
}

async function write(path: string, records: readonly JournalRecord[]): Promise<void> {
  const journal = await open(path);
  for (const record of records) journal.append(record);
  await journal.close();
}

describe("a file journal", () => {
  it("gives back what was written, in order, over restarts", async () => {
    const path = journalPath();
    await write(path, [reported(1), reported(2)]);
    await write(path, [reported(3)]);
    expect(await read(path)).toEqual({
      records: [reported(1), reported(2), reported(3)],
      droppedBytes: 0,
    });
  });

  it("has an entry in the file once it is flushed, and by itself soon after", async () => {
    const path = journalPath();
    const journal = await open(path);
    journal.append(reported(1));
    await journal.flush();
    expect(readFileSync(path, "utf8")).toContain('"seq":1');
    journal.append(reported(2));
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    expect(readFileSync(path, "utf8")).toContain('"seq":2');
    await journal.close();
  });

  it("is readable by its owner only", async () => {
    const path = journalPath();
    await write(path, [reported(1)]);
    expect(statSync(path).mode & 0o077).toBe(0);
  });

  it("refuses a file that is none, and leaves it as it is", async () => {
    const path = journalPath();
    writeFileSync(path, "precious notes\n");
    await expect(read(path)).rejects.toThrow("not a journal");
    expect(readFileSync(path, "utf8")).toBe("precious notes\n");
  });
});

describe("a file that breaks off", () => {
  it("anywhere gives back the entries that are whole, and goes on from there", async () => {
    const path = journalPath();
    await fc.assert(
      fc.asyncProperty(happenings, fc.nat(), async (history, chance) => {
        const records = recordsOf(history);
        rmSync(path, { force: true });
        await write(path, records);
        const whole = readFileSync(path);
        const kept = whole.subarray(0, chance % (whole.length + 1));
        writeFileSync(path, kept);
        const lines = Math.max(0, kept.toString().split("\n").length - 2);
        await write(path, [reported(77)]);
        expect((await read(path)).records).toEqual([...records.slice(0, lines), reported(77)]);
      }),
      { numRuns: 60 },
    );
  });

  it("says how much was dropped", async () => {
    const path = journalPath();
    await write(path, [reported(1), reported(2)]);
    const whole = readFileSync(path);
    writeFileSync(path, whole.subarray(0, whole.length - 5));
    expect(await read(path)).toEqual({
      records: [reported(1)],
      droppedBytes: Buffer.byteLength('{"type":"reported","seq":2}\n') - 5,
    });
  });

  it("drops what follows a damaged entry, which no sync had covered", async () => {
    const path = journalPath();
    await write(path, [reported(1)]);
    writeFileSync(path, `${readFileSync(path, "utf8")}\0\0\0\n{"type":"reported","seq":3}\n`);
    expect((await read(path)).records).toEqual([reported(1)]);
  });

  it.each([
    '{"type":"unheard-of"}',
    '{"type":"report","seq":"1","count":1}',
    '{"type":"items","at":0}',
    "7",
    "null",
  ])("takes an entry that has not its shape for damaged: %s", async (line) => {
    const path = journalPath();
    await write(path, [reported(1)]);
    writeFileSync(path, `${readFileSync(path, "utf8")}${line}\n`);
    expect((await read(path)).records).toEqual([reported(1)]);
  });
});

describe("replacing", () => {
  it("keeps what is appended while it goes on", async () => {
    const path = journalPath();
    const journal = await open(path);
    for (let seq = 0; seq < 100; seq++) journal.append(reported(seq));
    const replacing = journal.replace([reported(1_000)]);
    journal.append(reported(1_001));
    await journal.sync();
    journal.append(reported(1_002));
    await replacing;
    journal.append(reported(1_003));
    await journal.close();
    expect((await read(path)).records).toEqual([1_000, 1_001, 1_002, 1_003].map(reported));
  });

  it("is due when the file has grown, and not again right after", async () => {
    const path = journalPath();
    const journal = fileJournal(path, { replaceAboveBytes: 500 });
    await journal.open();
    for (let seq = 0; seq < 100; seq++) journal.append(reported(seq));
    await journal.flush();
    expect(journal.overgrown).toBe(true);
    await journal.replace([reported(1)]);
    expect(journal.overgrown).toBe(false);
    await journal.close();
  });

  it("that was broken off before its end leaves the journal as it was", async () => {
    const path = journalPath();
    await write(path, [reported(1)]);
    writeFileSync(`${path}.next`, '{"sluiceJournal":1}\n{"type":"rep');
    expect((await read(path)).records).toEqual([reported(1)]);
  });

  it("by a snapshot gives the same state, whatever happened", async () => {
    const path = journalPath();
    await fc.assert(
      fc.asyncProperty(happenings, happenings, async (early, late) => {
        const records = recordsOf([...early, ...late]);
        const cut = recordsOf(early).length;
        rmSync(path, { force: true });
        const journal = await open(path);
        for (const record of records.slice(0, cut)) journal.append(record);
        const replacing = journal.replace(snapshotRecords(replay(records.slice(0, cut))));
        for (const record of records.slice(cut)) journal.append(record);
        await replacing;
        await journal.close();
        expect(replay((await read(path)).records)).toEqual(replay(records));
      }),
      { numRuns: 40 },
    );
  });
});

describe("the lock", () => {
  it("keeps a second client out, and lets it in after the first", async () => {
    const path = journalPath();
    const first = await open(path);
    await expect(open(path)).rejects.toThrow(JournalLockedError);
    await first.close();
    await (await open(path)).close();
  });

  it("of a process that died is taken over", async () => {
    const path = journalPath();
    const dead = spawn(process.execPath, ["-e", ""]);
    await new Promise((resolve) => dead.on("exit", resolve));
    writeFileSync(`${path}.lock`, `${dead.pid} boot:1 nonce`);
    await (await open(path)).close();
  });

  it("of an earlier process whose number is in use again is taken over", async () => {
    const path = journalPath();
    writeFileSync(`${path}.lock`, `${process.pid} an-earlier-boot:1 nonce`);
    await (await open(path)).close();
  });

  it("is not kept by one who finds that another took it over at the same moment", async () => {
    const path = journalPath();
    writeFileSync(`${path}.lock`, "0 gone nonce");
    const opening = open(path);
    writeFileSync(`${path}.lock`, "the other's");
    await expect(opening).rejects.toThrow(JournalLockedError);
    expect(readFileSync(`${path}.lock`, "utf8")).toBe("the other's");
  });

  it("goes to one of many that want it at the same time", async () => {
    const path = journalPath();
    writeFileSync(`${path}.lock`, "0 gone nonce");
    const attempts = await Promise.allSettled(Array.from({ length: 5 }, () => open(path)));
    const winners = attempts.flatMap((each) => (each.status === "fulfilled" ? each.value : []));
    expect(winners).toHaveLength(1);
    for (const winner of winners) await winner.close();
  });
});

describe("a disk that is full", () => {
  /** Writes until it cannot, and then once more; says how its syncs went. */
  const WRITER = `
    import { fileJournal } from ${JSON.stringify(JOURNAL_MODULE)};
    const journal = fileJournal(process.env.JOURNAL);
    await journal.open();
    const outcomes = [];
    for (let seq = 0; outcomes.filter((each) => each !== "kept").length < 3; seq++) {
      journal.append({ type: "reported", seq });
      outcomes.push(await journal.sync().then(() => "kept", (error) => error.code));
    }
    console.log(outcomes.lastIndexOf("kept"), outcomes.slice(-3).join());`;

  it("fails every sync from then on, and loses nothing that was durable before", async () => {
    const path = journalPath();
    // A limit on the size of files stands in for the disk.
    const shell = `trap "" XFSZ; ulimit -f 4; exec "$NODE" --input-type=module-typescript -e "$WRITER"`;
    const env = { ...process.env, NODE: process.execPath, WRITER, JOURNAL: path };
    const { stdout } = await promisify(execFile)("bash", ["-c", shell], { env });
    const [last, ...outcomes] = stdout.trim().split(" ");
    expect(outcomes).toEqual(["EFBIG,EFBIG,EFBIG"]);
    const { records } = await read(path);
    expect(records).toEqual(Array.from({ length: Number(last) + 1 }, (_, seq) => reported(seq)));
  });
});

describe("a process killed while it writes", () => {
  /** Accepts tasks one after the other, says which are durable, and replaces its journal all the time. */
  const WRITER = `
    import { fileJournal } from ${JSON.stringify(JOURNAL_MODULE)};
    import { applyRecord, emptyJournalState, snapshotRecords } from ${JSON.stringify(STATE_MODULE)};
    import { writeSync } from "node:fs";
    const journal = fileJournal(process.env.JOURNAL, { replaceAboveBytes: 2000 });
    const state = emptyJournalState();
    for (const record of (await journal.open()).records) applyRecord(state, record);
    for (let seq = state.held.size; ; seq++) {
      const task = { ...JSON.parse(process.env.TASK), id: "tk_" + seq };
      const record = { type: "batch", position: { epoch: 1, seq }, fresh: [task], adopted: [] };
      journal.append(record);
      applyRecord(state, record);
      if (journal.overgrown) journal.replace(snapshotRecords(state));
      await journal.sync();
      writeSync(1, seq + "\\n");
    }`;

  /** Runs the writer for a while and kills it; the last task it called durable, or -1. */
  async function writeAndDie(path: string, lifeMs: number): Promise<number> {
    const env = { ...process.env, JOURNAL: path, TASK: JSON.stringify(delivered("x")) };
    const writer = spawn(process.execPath, ["--input-type=module-typescript", "-e", WRITER], {
      env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    let said = "";
    writer.stdout.on("data", (text) => {
      if (said === "") setTimeout(() => writer.kill("SIGKILL"), lifeMs);
      said += text;
    });
    await new Promise((resolve) => writer.on("close", resolve));
    return Number(said.trim().split("\n").at(-1) || -1);
  }

  it("has every task that it called durable", async () => {
    const path = journalPath();
    for (let life = 0; life < 6; life++) {
      const last = await writeAndDie(path, 15 + life * 7);
      const state = replay((await read(path)).records);
      expect(last).toBeGreaterThan(0);
      expect(state.held.size).toBeGreaterThan(last);
      expect([...state.held.keys()]).toEqual(
        Array.from({ length: state.held.size }, (_, seq) => `tk_${seq}`),
      );
    }
  });
});
