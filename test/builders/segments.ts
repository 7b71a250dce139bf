import type { TaskOptions } from "../../durable-objects/client/rpc.ts";
import type { Segment } from "../../durable-objects/client/segment.ts";

export function someOptions(overrides: Partial<TaskOptions> = {}): TaskOptions {
  return {
    priority: 5,
    ttlSeconds: 3_600,
    timeoutSeconds: 60,
    maxAttempts: 5,
    atMostOnce: false,
    fairnessKey: null,
    ...overrides,
  };
}

/** A segment of one task, ten bytes a task unless it says otherwise. */
export function aSegment(overrides: Partial<Segment> = {}): Segment {
  return {
    first: 0,
    count: 1,
    createdAt: 0,
    bytes: 10 * (overrides.count ?? 1),
    options: [someOptions()],
    optionOf: null,
    parent: null,
    ...overrides,
  };
}
