import type { ClientEvent, EndReason } from "@sluice/sdk/node";
import { plainJson, plainText } from "../output/plain-text.ts";
import type { Terminal } from "../output/terminal.ts";

/** Something that the agent tells of: what the runtime tells, and what it does itself. */
export type AgentEvent =
  | ClientEvent
  | { readonly type: "enrolled"; readonly clientId: string }
  | { readonly type: "ready"; readonly kinds: readonly string[] }
  | { readonly type: "task_started"; readonly id: string; readonly kind: string }
  | { readonly type: "task_done"; readonly id: string; readonly kind: string; readonly ms: number }
  | {
      readonly type: "task_failed";
      readonly id: string;
      readonly kind: string;
      readonly reason: string;
    }
  | {
      readonly type: "task_stopped";
      readonly id: string;
      readonly kind: string;
      readonly reason: string;
    }
  | { readonly type: "draining" };

/** Tells a person or a script, line by line, what an agent does. */
export function narrate(terminal: Terminal, json: boolean, now: () => Date) {
  return (event: AgentEvent): void => {
    const at = now().toISOString();
    if (json) terminal.print(plainJson({ at, ...recordOf(event) }));
    else terminal.print(`${terminal.colours.dim(at.slice(11, 19))} ${plainText(sentence(event))}`);
  };
}

/** What an event says, as one short line. */
export function sentence(event: AgentEvent): string {
  switch (event.type) {
    case "enrolled":
      return `enrolled as ${event.clientId}`;
    case "ready":
      return `collects ${event.kinds.join(", ")}`;
    case "connected":
      return `connected as ${event.clientId}, epoch ${event.epoch}`;
    case "disconnected":
      return `disconnected (${endingText(event.code)}), next try in ${seconds(event.retryInMs)}`;
    case "half_open":
      return "the connection is silent, connecting anew";
    case "bye":
      return `the service said goodbye: ${event.code} ${event.reason}`;
    case "limiter_tripped":
      return "a batch arrived before the limiter had a token for it";
    case "task_started":
      return `${event.id} ${event.kind} started`;
    case "task_done":
      return `${event.id} ${event.kind} done in ${seconds(event.ms)}`;
    case "task_failed":
      return `${event.id} ${event.kind} failed: ${event.reason}`;
    case "task_stopped":
      return `${event.id} ${event.kind} stopped: ${event.reason}`;
    case "task_poisoned":
      return `${event.id} ${event.kind} ended the agent too often and is given up`;
    case "journal_repaired":
      return `the journal's unfinished end was cut off, ${event.droppedBytes} bytes`;
    case "journal_failed":
      return `the journal failed: ${causeText(event.cause)}`;
    case "draining":
      return "finishing what runs, then stopping";
    case "ended":
      return endText(event.reason);
  }
}

function endText(reason: EndReason): string {
  switch (reason) {
    case "stopped":
      return "stopped";
    case "revoked":
      return "this client was revoked and will not connect again";
    case "unauthenticated":
      return "the client token is not accepted";
    case "journal_failed":
      return "stopped, because the journal failed";
  }
}

/** An event as JSON; an error becomes its message. */
function recordOf(event: AgentEvent): object {
  return event.type === "journal_failed" ? { ...event, cause: causeText(event.cause) } : event;
}

function causeText(cause: unknown): string {
  return cause instanceof Error ? cause.message : "unknown cause";
}

function endingText(code: number): string {
  return code === 0 ? "no connection" : String(code);
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(ms < 10_000 ? 2 : 0)} s`;
}
