import type { NormalisedTask } from "@sluice/protocol";
import type { EncodedTasks, TaskOptions } from "../../durable-objects/client/rpc.ts";

/**
 * Brings checked tasks into the form in which they cross to the object and are stored. Equal options are
 * kept once: the tasks of a call mostly differ in what they are, not in how they are to be delivered.
 */
export function encodeTasks(tasks: readonly NormalisedTask[]): EncodedTasks {
  const options: TaskOptions[] = [];
  const indexes = new Map<string, number>();
  const optionOf = new Uint16Array(tasks.length);
  for (const [index, task] of tasks.entries()) {
    const signature = signatureOf(task);
    let known = indexes.get(signature);
    if (known === undefined) {
      known = options.push(optionsOf(task)) - 1;
      indexes.set(signature, known);
    }
    optionOf[index] = known;
  }
  const hasKeys = tasks.some((task) => task.idempotencyKey !== null);
  return {
    count: tasks.length,
    lines: linesOf(tasks),
    options,
    optionOf: options.length > 1 ? optionOf : null,
    idempotencyKeys: hasKeys ? tasks.map((task) => task.idempotencyKey) : null,
  };
}

/** JSON text escapes every newline, so a line never holds one. Joined once: each text is copied once. */
function linesOf(tasks: readonly NormalisedTask[]): string {
  const pieces: string[] = [];
  for (const { kind, argsJson } of tasks) {
    pieces.push(pieces.length === 0 ? '"kind":"' : '\n"kind":"', kind, '","args":', argsJson);
  }
  return pieces.join("");
}

function optionsOf(task: NormalisedTask): TaskOptions {
  return {
    priority: task.priority,
    ttlSeconds: task.ttlSeconds,
    timeoutSeconds: task.timeoutSeconds,
    maxAttempts: task.maxAttempts,
    atMostOnce: task.delivery === "at_most_once",
    fairnessKey: task.fairnessKey,
  };
}

/** Numbers and a word first, the free text last: two tasks agree exactly when their options do. */
function signatureOf(task: NormalisedTask): string {
  const { priority, ttlSeconds, timeoutSeconds, maxAttempts, delivery, fairnessKey } = task;
  const fairness = fairnessKey === null ? "" : `=${fairnessKey}`;
  return `${priority},${ttlSeconds},${timeoutSeconds},${maxAttempts},${delivery},${fairness}`;
}
