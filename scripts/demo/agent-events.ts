import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

/** An event as `sluice agent --json` tells it, as far as it is read here. */
interface AgentEvent {
  readonly type: string;
  readonly clientId?: string;
}

/** What an agent tells on its standard output. */
export class AgentEvents {
  readonly #counts = new Map<string, number>();
  readonly #waiting = new Map<string, (event: AgentEvent) => void>();

  constructor(output: Readable) {
    createInterface(output).on("line", (line) => this.#take(JSON.parse(line)));
  }

  /** How often an event of this type was told. */
  count(type: string): number {
    return this.#counts.get(type) ?? 0;
  }

  /** Resolves at the next event of this type; one caller a type. */
  next(type: string): Promise<AgentEvent> {
    return new Promise((resolve) => this.#waiting.set(type, resolve));
  }

  #take(event: AgentEvent): void {
    this.#counts.set(event.type, this.count(event.type) + 1);
    this.#waiting.get(event.type)?.(event);
    this.#waiting.delete(event.type);
  }
}
