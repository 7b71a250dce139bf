import type { JsonValue, ReportItem, TaskId } from "@sluice/protocol";
import { describe, expect, it } from "vitest";
import { SETTLE_MS } from "../../../durable-objects/client/greet.ts";
import { DispatchRig } from "../../builders/dispatch-rig.ts";
import { task, tasks } from "../../builders/tasks.ts";

const started = (id: TaskId, attempt = 1): ReportItem => ({ id, attempt, event: "started" });
const rows = (id: TaskId, part: number, values: readonly JsonValue[], attempt = 1): ReportItem => ({
  id,
  attempt,
  event: "rows",
  part,
  rows: values,
});
const succeeded = (id: TaskId, attempt = 1): ReportItem => ({ id, attempt, event: "succeeded" });

/** A client that runs one task. */
function running() {
  const rig = new DispatchRig().connect();
  const id = rig.scheduleOne(task());
  rig.ack();
  rig.report(started(id));
  return { rig, id };
}
const page = (rig: DispatchRig, id: string, limit: number, cursor: string | null = null) => {
  const answer = rig.dispatch.tasks.rows(id, { cursor, limit }, rig.now);
  if (!answer.ok) throw new Error(answer.error.detail);
  return answer.value;
};

describe("a task's rows", () => {
  it("are listed with their part and index, in the order they were reported", () => {
    const { rig, id } = running();
    rig.report(rows(id, 0, ["a", "b"]));
    rig.report(rows(id, 1, [{ deep: [1, null] }]), succeeded(id));
    expect(page(rig, id, 10)).toEqual({
      items: [
        { part: 0, index: 0, row: "a" },
        { part: 0, index: 1, row: "b" },
        { part: 1, index: 0, row: { deep: [1, null] } },
      ],
      cursor: null,
    });
  });

  it("can be read before the task has ended", () => {
    const { rig, id } = running();
    rig.report(rows(id, 0, ["a"]));
    expect(rig.state(id)).toBe("running");
    expect(rig.rows(id)).toEqual(["a"]);
  });

  it.each([1, 2, 3, 7])("come page by page, %i at a time, each once", (limit) => {
    const { rig, id } = running();
    rig.report(rows(id, 0, [0, 1, 2]), rows(id, 1, [3]));
    rig.report(rows(id, 2, []), rows(id, 3, [4, 5, 6]));
    const read: JsonValue[] = [];
    let cursor: string | null = null;
    do {
      const { items, cursor: next } = page(rig, id, limit, cursor);
      expect(items.length).toBeLessThanOrEqual(limit);
      read.push(...items.map(({ row }) => row));
      cursor = next;
    } while (cursor !== null);
    expect(read).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it("are not mixed with those of another task in the same report", () => {
    const rig = new DispatchRig().connect();
    const [one = rig.scheduleOne(task()), two = one] = rig.schedule(...tasks(2));
    rig.report(rows(one, 0, ["one"]), rows(two, 0, ["two"]), rows(one, 1, ["one again"]));
    expect(rig.rows(one)).toEqual(["one", "one again"]);
    expect(rig.rows(two)).toEqual(["two"]);
  });

  it("of an earlier attempt are void once a newer one has started", () => {
    const { rig, id } = running();
    rig.report(rows(id, 0, ["first run"]));
    rig.disconnect().connect({ running: [] });
    rig.run(SETTLE_MS).ack();
    expect(rig.rows(id)).toEqual(["first run"]);
    rig.report(started(id, 2), rows(id, 0, ["second run"], 2));
    expect(rig.rows(id)).toEqual(["second run"]);
  });

  it.each(["", "x", "1.2", "1.2.3.4", "-1.0.0", "1.0.x", "1..0", "1e3.0.0", " 1.0.0"])(
    "have no cursor %j",
    (cursor) => {
      const { rig, id } = running();
      expect(rig.dispatch.tasks.rows(id, { cursor, limit: 5 }, rig.now)).toMatchObject({
        error: { code: "invalid_cursor" },
      });
    },
  );

  it("of a task that is none are not found", () => {
    const { rig } = running();
    expect(rig.dispatch.tasks.rows("tk_", { cursor: null, limit: 5 }, rig.now)).toMatchObject({
      error: { code: "not_found" },
    });
  });

  it("outlive a restart", () => {
    const { rig, id } = running();
    rig.report(rows(id, 0, ["a"]), succeeded(id));
    expect(rig.restart().rows(id)).toEqual(["a"]);
  });
});

describe("a report that is sent again", () => {
  it("stores its rows once, and is answered again", () => {
    const { rig, id } = running();
    const report = rig.report(rows(id, 0, ["a"]));
    rig.disconnect().connect({ running: [{ id, attempt: 1 }] });
    rig.hear({ ...report, epoch: rig.epoch });
    expect(rig.rows(id)).toEqual(["a"]);
    expect(rig.frames.at(-1)).toEqual({ type: "reported", seq: report.seq });
  });

  it("is known after a restart as well", () => {
    const { rig, id } = running();
    const report = rig.report(rows(id, 0, ["a"]));
    rig.restart().connect({ running: [{ id, attempt: 1 }] });
    rig.hear({ ...report, epoch: rig.epoch });
    expect(rig.rows(id)).toEqual(["a"]);
  });

  it("is known among several that are sent again in a row", () => {
    const { rig, id } = running();
    const reports = ["a", "b", "c"].map((row, part) => rig.report(rows(id, part, [row])));
    rig.restart().connect({ running: [{ id, attempt: 1 }] });
    for (const report of reports) rig.hear({ ...report, epoch: rig.epoch });
    expect(rig.rows(id)).toEqual(["a", "b", "c"]);
  });

  it("stores its rows when it had not arrived, though it comes after the task's end", () => {
    const { rig, id } = running();
    rig.hear({ type: "report", epoch: 1, seq: 8, items: [succeeded(id)] });
    rig.hear({ type: "report", epoch: 1, seq: 9, items: [rows(id, 0, ["late"])] });
    expect(rig.rows(id)).toEqual(["late"]);
  });
});

describe("a client that lost its journal and counts its reports anew", () => {
  it("loses no rows to numbers that were used before", () => {
    const { rig, id } = running();
    rig.report(rows(id, 0, ["a"]));
    rig.report(rows(id, 1, ["b"]), succeeded(id));
    const other = rig.scheduleOne(task());
    rig.disconnect().connect({ running: [] });
    rig.ack();
    for (const [index, row] of ["x", "y", "z"].entries()) {
      const seq = index + 1;
      rig.hear({ type: "report", epoch: 2, seq, items: [rows(other, index, [row], 2)] });
    }
    expect(rig.rows(id)).toEqual(["a", "b"]);
    expect(rig.rows(other)).toEqual(["x", "y", "z"]);
  });
});

describe("progress and failure", () => {
  it("show the latest progress", () => {
    const { rig, id } = running();
    rig.report({ id, attempt: 1, event: "progress", done: 0.2 });
    rig.report({ id, attempt: 1, event: "progress", done: 0.75, note: "hashing" });
    expect(rig.task(id)).toMatchObject({ progress: { done: 0.75, note: "hashing" } });
    expect(rig.task(id).timeline.at(-1)).toMatchObject({ note: "75 %: hashing" });
  });

  it("show the error of a failed task, and none of one that then succeeded", () => {
    const { rig, id } = running();
    const error = { code: "no_such_file", message: "/etc/none" };
    rig.report({ id, attempt: 1, event: "failed", error });
    expect(rig.task(id)).toMatchObject({ state: "failed", error, progress: null });

    const other = running();
    other.rig.report(succeeded(other.id));
    expect(other.rig.task(other.id)).toMatchObject({ error: null, progress: null });
  });

  it("of tasks that are not this client's leave no trace", () => {
    const { rig } = running();
    const foreign = "tk_01jdrdla00000zz99" as TaskId;
    const written = rig.rowsWrittenBy(() =>
      rig.report(rows(foreign, 0, ["x"]), succeeded(foreign)),
    );
    expect(written).toBe(0);
    expect(rig.frames.at(-1)?.type).toBe("reported");
  });
});
