import { CLOSE_CODES } from "@sluice/protocol";
import { backoffDelayMs } from "./backoff.ts";
import {
  type ConnectionEffect,
  type ConnectionEvent,
  type ConnectionPolicy,
  type ConnectionState,
  connectionWakeAt,
  type Ending,
  type Farewell,
  type FinalReason,
  type Moment,
  type Step,
} from "./connection-state.ts";

/** Pings that may stay unanswered; at the next one the connection is taken for half-open. */
const UNANSWERED_PINGS = 2;
/** A heartbeat interval is drawn from this share below to this share above its length. */
const HEARTBEAT_JITTER = 0.1;

/**
 * One step of a client's connection. An event that means nothing in the present phase returns the
 * state it was given and no effects, so late events of an older socket do no harm.
 */
export function stepConnection(
  state: ConnectionState,
  event: ConnectionEvent,
  moment: Moment,
  policy: ConnectionPolicy,
): Step {
  switch (event.type) {
    case "start":
      return state.phase === "idle" ? connect(0, moment, policy) : stay(state);
    case "opened":
      return state.phase === "connecting"
        ? to({ ...state, phase: "greeting", farewell: null }, { type: "greet" })
        : stay(state);
    case "welcomed":
      return state.phase === "greeting" ? to(online(state, event, moment)) : stay(state);
    case "heard":
      return state.phase === "online" && state.unansweredPings > 0
        ? to({ ...state, unansweredPings: 0 })
        : stay(state);
    case "farewell":
      return state.phase === "greeting" || state.phase === "online"
        ? to({ ...state, farewell: event })
        : stay(state);
    case "ended":
      return hasSocket(state) ? afterEnding(state, event.ending, moment, policy) : stay(state);
    case "woke":
      return wake(state, moment, policy);
    case "stop":
      return stop(state);
  }
}

type Connected = Extract<ConnectionState, { phase: "connecting" | "greeting" | "online" }>;

function hasSocket(state: ConnectionState): state is Connected {
  return state.phase === "connecting" || state.phase === "greeting" || state.phase === "online";
}

function stay(state: ConnectionState): Step {
  return { state, effects: [] };
}

function to(state: ConnectionState, ...effects: ConnectionEffect[]): Step {
  return { state, effects };
}

function connect(failures: number, moment: Moment, policy: ConnectionPolicy): Step {
  const giveUpAt = moment.now + policy.greetingTimeoutMs;
  return to({ phase: "connecting", failures, giveUpAt }, { type: "open" });
}

function online(
  state: Extract<ConnectionState, { phase: "greeting" }>,
  welcome: { readonly epoch: number; readonly heartbeatMs: number },
  moment: Moment,
): ConnectionState {
  return {
    phase: "online",
    failures: state.failures,
    epoch: welcome.epoch,
    since: moment.now,
    heartbeatMs: welcome.heartbeatMs,
    nextPingAt: nextPingAt(welcome.heartbeatMs, moment),
    unansweredPings: 0,
    farewell: state.farewell,
  };
}

function nextPingAt(heartbeatMs: number, { now, random }: Moment): number {
  return now + heartbeatMs * (1 - HEARTBEAT_JITTER + 2 * HEARTBEAT_JITTER * random);
}

function wake(state: ConnectionState, moment: Moment, policy: ConnectionPolicy): Step {
  const wakeAt = connectionWakeAt(state);
  if (wakeAt === null || moment.now < wakeAt) return stay(state);
  if (state.phase === "waiting") return connect(state.failures, moment, policy);
  if (state.phase === "connecting" || state.phase === "greeting") {
    return terminate(state, "no_welcome", moment, policy);
  }
  if (state.phase !== "online") return stay(state);
  if (state.unansweredPings >= UNANSWERED_PINGS) {
    return terminate(state, "half_open", moment, policy);
  }
  const pinged = {
    ...state,
    unansweredPings: state.unansweredPings + 1,
    nextPingAt: nextPingAt(state.heartbeatMs, moment),
  };
  return to(pinged, { type: "ping" });
}

function terminate(
  state: Connected,
  cause: "half_open" | "no_welcome",
  moment: Moment,
  policy: ConnectionPolicy,
): Step {
  const after = afterEnding(state, { kind: "failed" }, moment, policy);
  return { state: after.state, effects: [{ type: "terminate", cause }, ...after.effects] };
}

function stop(state: ConnectionState): Step {
  if (state.phase === "final") return stay(state);
  const closing: ConnectionEffect[] = hasSocket(state) ? [{ type: "close" }] : [];
  return to({ phase: "final", reason: "stopped" }, ...closing, {
    type: "final",
    reason: "stopped",
  });
}

function afterEnding(
  state: Connected,
  ending: Ending,
  moment: Moment,
  policy: ConnectionPolicy,
): Step {
  const farewell = "farewell" in state ? state.farewell : null;
  const code = codeOf(ending, farewell);
  const reason = finalReason(code);
  if (reason !== null) return to({ phase: "final", reason }, { type: "final", reason });

  const settled = state.phase === "online" && moment.now - state.since >= policy.stableMs;
  const blamed = code === CLOSE_CODES.superseded || code === CLOSE_CODES.protocol;
  const failures = settled && !blamed ? 0 : state.failures;
  const askedMs = ending.kind === "refused" ? ending.retryAfterMs : (farewell?.retryAfterMs ?? 0);
  const floorMs =
    code === CLOSE_CODES.superseded ? Math.max(policy.supersededMs, askedMs) : askedMs;
  const retryInMs = backoffDelayMs(policy.backoff, failures, moment.random, floorMs);
  return to(
    { phase: "waiting", failures: failures + 1, until: moment.now + retryInMs },
    { type: "lost", ending, retryInMs },
  );
}

/** The Sluice close code behind an ending; a `bye` speaks for a close frame that did not arrive. */
function codeOf(ending: Ending, farewell: Farewell | null): number {
  switch (ending.kind) {
    case "refused":
      if (ending.status === 401) return CLOSE_CODES.unauthenticated;
      return ending.status === 403 ? CLOSE_CODES.revoked : ending.status;
    case "closed":
      return ending.code >= 4000 ? ending.code : (farewell?.code ?? ending.code);
    case "failed":
      return farewell?.code ?? 0;
  }
}

function finalReason(code: number): FinalReason | null {
  if (code === CLOSE_CODES.revoked) return "revoked";
  return code === CLOSE_CODES.unauthenticated ? "unauthenticated" : null;
}
