import { heldOf, type LedgerRecord } from "../../../../durable-objects/ledger/record.ts";
import type { AttemptId, Held } from "../../../../durable-objects/ledger/rpc.ts";
import type { Heard, Seat } from "../../../../workers/ledger/redemption.ts";
import {
  arrive,
  begin,
  commit,
  crash,
  hear,
  type Message,
  otherSeat,
  owes,
  type Rules,
  SEATS,
  type Shard,
  sendHandOver,
  type World,
} from "./world.ts";

/** Something that can happen next, and what the world is then. */
export interface Successor {
  readonly what: string;
  readonly world: World;
}

/** What an exploration has seen. */
export interface Exploration {
  readonly states: number;
  /** The first way found to a state that breaks the invariant, step by step; null: there is none. */
  readonly counterexample: readonly string[] | null;
}

/**
 * Visits every state that can be reached, breadth first, so that a counterexample is a shortest one, or the
 * first `most` of them. `broken` looks at a state and whether everything that has to happen has happened in it.
 */
export function explore(
  rules: Rules,
  start: World,
  broken: (world: World, isAtRest: boolean) => boolean,
  most = Number.POSITIVE_INFINITY,
): Exploration {
  const seen = new Map<string, { readonly before: string | null; readonly what: string }>();
  const first = textOf(start);
  seen.set(first, { before: null, what: "start" });
  let layer: (readonly [string, World])[] = [[first, start]];
  while (layer.length > 0 && seen.size < most) {
    const next: (readonly [string, World])[] = [];
    for (const [text, world] of layer) {
      const { due, possible } = successorsOf(rules, world);
      if (broken(world, due.length === 0)) {
        return { states: seen.size, counterexample: wayTo(seen, text) };
      }
      for (const { what, world: after } of [...due, ...possible]) {
        const afterText = textOf(after);
        if (seen.has(afterText)) continue;
        seen.set(afterText, { before: text, what });
        next.push([afterText, after]);
      }
    }
    layer = next;
  }
  return { states: seen.size, counterexample: null };
}

/** The same world when all faults have ceased and everything under way has come to its end. */
export function afterHealing(rules: Rules, world: World): World {
  let healed: World = { ...world, faulty: [], moves: 0, crashes: 0, copies: 0 };
  for (;;) {
    const next = successorsOf(rules, healed).due.find(({ what }) => !what.startsWith("begin"));
    if (next === undefined) return healed;
    healed = next.world;
  }
}

/**
 * What has to happen sooner or later, and what may happen. A lost message is one that never arrives, which
 * every state allows whose message is on its way from or to a faulty shard.
 */
function successorsOf(rules: Rules, world: World): { due: Successor[]; possible: Successor[] } {
  const [sure, unsure] = partition(world.flying, (message) => isSure(world, message));
  return {
    due: [
      ...beginnings(world),
      ...arrivals(rules, world, sure),
      ...shardSteps(world),
      ...timeouts(rules, world),
    ],
    possible: [
      ...arrivals(rules, world, unsure),
      ...doublings(rules, world),
      ...crashesOf(world),
      ...faultMoves(world),
    ],
  };
}

function isSure(world: World, message: Message): boolean {
  const isOfHandOver = message.kind === "handOver" || message.kind === "taken";
  return isOfHandOver ? world.faulty.length === 0 : !world.faulty.includes(message.seat);
}

function partition<Value>(values: readonly Value[], isFirst: (value: Value) => boolean) {
  return [values.filter(isFirst), values.filter((value) => !isFirst(value))] as const;
}

/** Callers begin in the order of their names, which are as good as each other. */
function beginnings(world: World): Successor[] {
  return Object.keys(world.callers)
    .filter((id) => world.callers[id] === null)
    .slice(0, 1)
    .map((id) => ({ what: `begin ${id}`, world: begin(world, id as AttemptId) }));
}

function arrivals(rules: Rules, world: World, messages: readonly Message[]): Successor[] {
  return messages.map((message) => ({
    what: `arrive ${messageText(message)}`,
    world: arrive(rules, without(world, message), message),
  }));
}

function shardSteps(world: World): Successor[] {
  return SEATS.flatMap((seat) => {
    const { committed, memory, waiting } = world.shards[seat];
    const steps: Successor[] = [];
    if (committed !== memory || waiting.length > 0) {
      steps.push({ what: `commit ${seat}`, world: commit(world, seat) });
    }
    if (owes(world, seat)) {
      steps.push({ what: `hand over from ${seat}`, world: sendHandOver(world, seat) });
    }
    return steps;
  });
}

/** Only a faulty shard is ever given up; whatever it then says arrives late. */
function timeouts(rules: Rules, world: World): Successor[] {
  return Object.entries(world.callers).flatMap(([id, caller]) =>
    world.faulty
      .filter((seat) => caller?.verdict === null && caller.hearing[seat] === "waiting")
      .map((seat) => ({
        what: `${id} gives up waiting for ${seat}`,
        world: hear(rules, world, id as AttemptId, seat, "silent"),
      })),
  );
}

/** A request may arrive now and once more at any later time. */
function doublings(rules: Rules, world: World): Successor[] {
  if (world.copies === 0) return [];
  return world.flying.flatMap((message) => {
    if (message.kind !== "request" || message.isCopy) return [];
    const after = arrive(rules, without(world, message), message);
    const copy: Message = { ...message, isCopy: true };
    const what = `arrive, to arrive again, ${messageText(message)}`;
    return [
      { what, world: { ...after, flying: [...after.flying, copy], copies: after.copies - 1 } },
    ];
  });
}

/**
 * Where claims are stored soon, no shard crashes in the middle of a redemption: what a caller has heard of one
 * shard may then be older than what the other one forgot.
 */
function crashesOf(world: World): Successor[] {
  if (world.crashes === 0 || (world.durability === "soon" && isAnyoneAsking(world))) return [];
  return world.faulty.map((seat) => ({ what: `crash ${seat}`, world: crash(world, seat) }));
}

/**
 * The other shard may become the faulty one when nobody is in the middle of a redemption and everything
 * that a shard missed has been handed over.
 */
function faultMoves(world: World): Successor[] {
  const [seat] = world.faulty;
  const isQuiet =
    !isAnyoneAsking(world) &&
    SEATS.every((one) => (world.shards[one].memory?.owedTo.length ?? 0) === 0) &&
    SEATS.every((one) => world.shards[one].memory === world.shards[one].committed);
  if (world.moves === 0 || seat === undefined || !isQuiet) return [];
  const moved: Seat = otherSeat(seat);
  return [
    {
      what: `the fault moves to ${moved}`,
      world: { ...world, faulty: [moved], moves: world.moves - 1 },
    },
  ];
}

function isAnyoneAsking(world: World): boolean {
  return Object.values(world.callers).some((caller) => caller !== null && caller.verdict === null);
}

function without(world: World, message: Message): World {
  const index = world.flying.indexOf(message);
  return { ...world, flying: world.flying.toSpliced(index, 1) };
}

/** Equal for equal states only. Messages have no order, so worlds that differ in it alone are the same. */
function textOf(world: World): string {
  const shards = SEATS.map((seat) => shardText(world.shards[seat]));
  const callers = Object.values(world.callers).map((caller) =>
    caller === null
      ? "-"
      : (caller.verdict ?? SEATS.map((seat) => heardText(caller.hearing[seat])).join()),
  );
  const budget = [world.faulty.join("+"), world.moves, world.crashes, world.copies];
  return [...shards, ...callers, sorted(world.flying), ...budget].join("/");
}

function shardText({ committed, memory, waiting, startedAt }: Shard): string {
  return `${recordText(committed)}:${recordText(memory)}:${sorted(waiting)}:${startedAt}`;
}

function recordText(record: LedgerRecord | null): string {
  return record === null ? "-" : `${heldText(heldOf(record, 0))}${record.owedTo.length}`;
}

function heardText(heard: Heard): string {
  return typeof heard === "string" ? heard : heldText(heard);
}

function heldText({ attempt, solo, claimedAt, remembersFrom }: Held): string {
  const times = claimedAt + remembersFrom > 0 ? `${claimedAt},${remembersFrom}` : "";
  return solo ? `${attempt}!${times}` : attempt + times;
}

function messageText(message: Message): string {
  switch (message.kind) {
    case "request":
      return `${message.request}>${message.seat}${message.attempt}${message.isCopy ? 2 : 1}`;
    case "answer":
      return `<${message.seat}${message.attempt}=${heldText(message.held)}`;
    case "handOver":
      return `hand>${message.seat}${message.attempt}`;
    case "taken":
      return `taken>${message.seat}`;
  }
}

function sorted(messages: readonly Message[]): string {
  return messages.length === 0 ? "" : messages.map(messageText).sort().join(";");
}

function wayTo(
  seen: ReadonlyMap<string, { readonly before: string | null; readonly what: string }>,
  text: string,
): string[] {
  const way: string[] = [];
  for (let at: string | null = text; at !== null; ) {
    const entry = seen.get(at);
    way.unshift(entry?.what ?? "");
    at = entry?.before ?? null;
  }
  return way;
}
