import type { TaskState } from "@sluice/protocol";
import type { Terminal } from "./terminal.ts";

/** Colours text by the state of its task: what went well, what is under way, what needs a look. */
export function paintState(text: string, state: TaskState, { colours }: Terminal): string {
  switch (state) {
    case "succeeded":
      return colours.green(text);
    case "failed":
    case "dead":
    case "unknown":
      return colours.red(text);
    case "leased":
    case "accepted":
    case "running":
      return colours.cyan(text);
    case "cancelled":
    case "expired":
      return colours.yellow(text);
    case "queued":
      return text;
  }
}
