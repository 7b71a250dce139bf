import type {
  AckFrame,
  BatchFrame,
  Capacity,
  ClientId,
  HelloFrame,
  ReportFrame,
  WelcomeFrame,
} from "@sluice/protocol";
import { deliveredTask, taskId } from "./tasks.ts";

/** What a client can take: a full bucket of ten and four free slots. */
export function aCapacity(overrides: Partial<Capacity> = {}): Capacity {
  return { burst: 10, perSecond: 0.5, tokens: 10, slots: 4, ...overrides };
}

export function aHello(overrides: Partial<HelloFrame> = {}): HelloFrame {
  return { type: "hello", agent: "test/1.0", ...overrides };
}

export function anAck(overrides: Partial<AckFrame> = {}): AckFrame {
  return { type: "ack", epoch: 1, seq: 1, ...overrides };
}

/** A report that one delivery has succeeded. */
export function aReport(overrides: Partial<ReportFrame> = {}): ReportFrame {
  const items = [{ id: taskId(), attempt: 1, event: "succeeded" } as const];
  return { type: "report", epoch: 1, seq: 1, items, ...overrides };
}

export function aBatch(overrides: Partial<BatchFrame> = {}): BatchFrame {
  return { type: "batch", epoch: 1, seq: 1, tasks: [deliveredTask()], ...overrides };
}

export function aWelcome(overrides: Partial<WelcomeFrame> = {}): WelcomeFrame {
  const clientId = "cl_1" as ClientId;
  const serverTime = "2026-11-23T00:00:00.000Z";
  return { type: "welcome", epoch: 1, clientId, heartbeatMs: 30_000, serverTime, ...overrides };
}
