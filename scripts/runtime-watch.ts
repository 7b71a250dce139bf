import type { ChildProcess } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";

/** Node announces every child process here as it is made. */
const CHILD_PROCESSES = "child_process";

/** workerd's argument that holds the address of the miniflare it belongs to. */
const OWNER_ARGUMENT = "--external-addr=";

/** Finds the workerd process of one miniflare, which keeps it to itself, also after it restarted it. */
export class RuntimeWatch {
  #started: ChildProcess[] = [];
  #newest: ChildProcess | undefined;

  constructor() {
    subscribe(CHILD_PROCESSES, this.#remember);
  }

  /** Process id of the runtime that was started last. Throws when there has been none yet. */
  newestPid(): number {
    for (const child of this.#started.splice(0)) {
      if (this.#isOurs(child)) this.#newest = child;
    }
    const pid = this.#newest?.pid;
    if (pid === undefined) throw new Error("the runtime was not started");
    return pid;
  }

  stopWatching(): void {
    unsubscribe(CHILD_PROCESSES, this.#remember);
  }

  // Its command line is set only after the announcement, so it is looked at later.
  #remember = (message: unknown): void => {
    this.#started.push((message as { process: ChildProcess }).process);
  };

  /** The first runtime seen is ours, since starts take turns; later ones have the same owner. */
  #isOurs(child: ChildProcess): boolean {
    const owner = ownerOf(child);
    if (owner === undefined) return false;
    return this.#newest === undefined || ownerOf(this.#newest) === owner;
  }
}

function ownerOf(child: ChildProcess): string | undefined {
  return child.spawnargs?.find((argument) => argument.startsWith(OWNER_ARGUMENT));
}

let lastStart: Promise<unknown> = Promise.resolve();

/** Runs `start` once every earlier one has ended, so that each watch sees its own runtime first. */
export function takeTurns<Value>(start: () => Promise<Value>): Promise<Value> {
  const turn = lastStart.then(start, start);
  lastStart = turn.catch(() => undefined);
  return turn;
}
