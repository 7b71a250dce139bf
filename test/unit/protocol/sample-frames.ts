import type {
  BatchFrame,
  ClientFrame,
  ClientId,
  HelloFrame,
  ReportFrame,
  ServerFrame,
  TaskId,
} from "@sluice/protocol";

export const task = (text: string): TaskId => text as TaskId;

export const capacity = { burst: 10, perSecond: 0.5, tokens: 9.25, slots: 4 };

export const hello: HelloFrame = {
  type: "hello",
  agent: "collector/1.4.0",
  capacity,
  resume: { epoch: 7, seq: 41 },
  running: [{ id: task("tk_1"), attempt: 2 }],
  facts: { os: "linux", arch: "arm64", hostname: "web-17" },
};

export const report: ReportFrame = {
  type: "report",
  epoch: 8,
  seq: 5,
  items: [
    { id: task("tk_1"), attempt: 1, event: "started" },
    { id: task("tk_1"), attempt: 1, event: "progress", done: 0.4, note: "hashing" },
    { id: task("tk_1"), attempt: 1, event: "rows", part: 0, rows: [{ pid: 1 }, null, [1, "a"]] },
    { id: task("tk_1"), attempt: 1, event: "succeeded" },
    { id: task("tk_2"), attempt: 3, event: "failed", error: { code: "denied", message: "no" } },
    { id: task("tk_3"), attempt: 1, event: "cancelled" },
  ],
  capacity,
};

export const batch: BatchFrame = {
  type: "batch",
  epoch: 8,
  seq: 42,
  tasks: [
    {
      id: task("tk_1"),
      attempt: 1,
      kind: "collect/processes",
      args: { limit: 10, filter: { name: "ssh" } },
      priority: 5,
      timeoutMs: 600_000,
      deadline: "2026-11-23T10:00:00.000Z",
    },
  ],
};

export const clientFrames: readonly ClientFrame[] = [
  hello,
  { type: "hello", agent: "a/1" },
  { type: "ack", epoch: 8, seq: 42 },
  { type: "ack", epoch: 8, seq: 42, capacity },
  report,
];

export const serverFrames: readonly ServerFrame[] = [
  {
    type: "welcome",
    epoch: 8,
    clientId: "cl_abc" as ClientId,
    heartbeatMs: 30_000,
    serverTime: "2026-11-23T10:00:00.000Z",
  },
  batch,
  { type: "reported", seq: 5 },
  { type: "cancel", ids: [task("tk_1"), task("tk_2")] },
  { type: "bye", code: 4503, reason: "deploy", retryAfterMs: 5_000 },
];
