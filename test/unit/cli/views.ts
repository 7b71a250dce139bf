import type { ClientView, TaskView } from "@sluice/protocol";

const EPOCH = "2026-01-01T00:00:00.000Z";
// Ids are branded where they are parsed; here they only look like some.
const TASK_ID = "tk_1" as TaskView["id"];

/** A queued task as the service describes it. */
export function taskView(changes: Partial<TaskView> = {}): TaskView {
  return {
    id: TASK_ID,
    kind: "system.info",
    state: "queued",
    attempt: 0,
    priority: 5,
    createdAt: EPOCH,
    endedAt: null,
    args: {},
    delivery: "at_least_once",
    maxAttempts: 5,
    timeoutSeconds: 600,
    deadline: "2026-01-08T00:00:00.000Z",
    idempotencyKey: null,
    fairnessKey: null,
    parent: null,
    error: null,
    progress: null,
    waitingFor: null,
    timeline: [{ at: EPOCH, event: "queued" }],
    ...changes,
  };
}

/** An idle client that is online. */
export function clientView(changes: Partial<ClientView> = {}): ClientView {
  return {
    id: "cl_1",
    name: "box",
    labels: ["env=dev"],
    facts: { os: "linux" },
    agent: "sluice-agent/0.1.0",
    online: true,
    paused: false,
    revoked: false,
    epoch: 3,
    enrolledAt: EPOCH,
    expiresAt: null,
    connectedAt: EPOCH,
    lastSeenAt: EPOCH,
    queue: { queued: 0, inFlight: 0, bytes: 0, oldestAt: null },
    capacity: { tokens: null, slots: 16 },
    cloneSuspectedAt: null,
    ...changes,
  };
}
