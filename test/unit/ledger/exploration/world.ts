import {
  heldOf,
  type LedgerRecord,
  transition,
} from "../../../../durable-objects/ledger/record.ts";
import type {
  AttemptId,
  Durability,
  Held,
  ShardName,
} from "../../../../durable-objects/ledger/rpc.ts";
import {
  decide,
  type Hearing,
  type Seat,
  type Verdict,
} from "../../../../workers/ledger/redemption.ts";

export const SEATS = ["owner", "successor"] as const;
export const otherSeat = (seat: Seat): Seat => (seat === "owner" ? "successor" : "owner");

/** A shard: what it has committed, what it has in memory, and the answers that wait for the commit. */
export interface Shard {
  readonly committed: LedgerRecord | null;
  readonly memory: LedgerRecord | null;
  readonly waiting: readonly Message[];
  /** The clock when the shard was started. */
  readonly startedAt: number;
}

export type Request = "claim" | "markSolo" | "settle";

/** Something on its way. It may arrive in any order. */
export type Message =
  | {
      readonly kind: "request";
      readonly request: Request;
      readonly seat: Seat;
      readonly attempt: AttemptId;
      /** A request that arrives again: the shard acts on it, its answer is heard by nobody. */
      readonly isCopy: boolean;
    }
  | {
      readonly kind: "answer";
      readonly seat: Seat;
      readonly attempt: AttemptId;
      readonly held: Held;
    }
  | {
      readonly kind: "handOver";
      readonly seat: Seat;
      readonly attempt: AttemptId;
      readonly expiresAt: number;
    }
  | { readonly kind: "taken"; readonly seat: Seat };

export interface Caller {
  readonly hearing: Hearing;
  readonly verdict: Verdict | null;
}

/** Everything there is: plain data, so that equal states are found by their text. */
export interface World {
  readonly shards: Readonly<Record<Seat, Shard>>;
  readonly callers: Readonly<Record<string, Caller | null>>;
  readonly flying: readonly Message[];
  /** The shards that may crash, and whose answers callers may give up waiting for. */
  readonly faulty: readonly Seat[];
  /** How often the fault may still move to the other shard. */
  readonly moves: number;
  /** How often shards may still crash. */
  readonly crashes: number;
  /** How many requests may still arrive twice. */
  readonly copies: number;
  /** Of every claim. */
  readonly durability: Durability;
  /**
   * Moves on when a shard that may have forgotten something is started anew. Else time stands still, and no
   * record expires within an exploration.
   */
  readonly clock: number;
}

/** The rules under exploration; a test breaks one to see that it is missed. */
export interface Rules {
  readonly decide: typeof decide;
  readonly transition: typeof transition;
  /** Whether a shard's answer waits until what it says is committed. */
  readonly answersWait: boolean;
}

export const RULES: Rules = { decide, transition, answersWait: true };

const NO_RECORD: Shard = { committed: null, memory: null, waiting: [], startedAt: 0 };

export type Faults = Pick<World, "faulty" | "moves" | "crashes" | "copies">;

/** A world before anything happened. */
export function newWorld(
  attempts: readonly string[],
  faults: Faults,
  durability: Durability = "durable",
): World {
  return {
    shards: { owner: NO_RECORD, successor: NO_RECORD },
    callers: Object.fromEntries(attempts.map((attempt) => [attempt, null])),
    flying: [],
    durability,
    clock: 0,
    ...faults,
  };
}

/** A caller begins: it asks both shards. */
export function begin(world: World, attempt: AttemptId): World {
  const caller: Caller = { hearing: { owner: "waiting", successor: "waiting" }, verdict: null };
  const claims = SEATS.map((seat) => requestTo(seat, "claim", attempt));
  return { ...withCaller(world, attempt, caller), flying: [...world.flying, ...claims] };
}

/** A caller hears from a shard, or gives up waiting for it, and goes on as the rule says. */
export function hear(
  rules: Rules,
  world: World,
  attempt: AttemptId,
  seat: Seat,
  heard: Held | "silent",
): World {
  const caller = world.callers[attempt];
  if (caller === null || caller === undefined || caller.verdict !== null) return world;
  const hearing: Hearing = { ...caller.hearing, [seat]: heard };
  const step = rules.decide(attempt, hearing);
  switch (step.do) {
    case "wait":
      return withCaller(world, attempt, { hearing, verdict: null });
    case "end":
      return withCaller(world, attempt, { hearing, verdict: step.verdict });
    case "markSolo":
      return ask(world, attempt, hearing, step.seat, "markSolo");
    case "settle":
      return ask(world, attempt, hearing, "successor", "settle");
  }
}

/** A message arrives. */
export function arrive(rules: Rules, world: World, message: Message): World {
  switch (message.kind) {
    case "answer":
      return hear(rules, world, message.attempt, message.seat, message.held);
    case "request": {
      const after = withEvent(rules, world, message.seat, eventOf(message));
      const record = after.shards[message.seat].memory;
      if (record === null) throw new Error("every request leaves a record");
      if (message.isCopy) return after;
      const { attempt, seat } = message;
      const isSoon = message.request === "claim" && world.durability === "soon";
      const held = heldOf(record, isSoon ? world.shards[seat].startedAt : 0);
      const answer: Message = { kind: "answer", attempt, seat, held };
      return isSoon ? send(after, answer) : reply(rules, after, seat, answer);
    }
    case "handOver": {
      const { attempt, expiresAt } = message;
      const event = { type: "handedOver", attempt, expiresAt } as const;
      const after = withEvent(rules, world, message.seat, event);
      return reply(rules, after, message.seat, { kind: "taken", seat: otherSeat(message.seat) });
    }
    case "taken":
      return withEvent(rules, world, message.seat, {
        type: "taken",
        partner: nameOf(otherSeat(message.seat)),
      });
  }
}

/** A shard commits what it has in memory, and its answers leave. */
export function commit(world: World, seat: Seat): World {
  const { memory, waiting } = world.shards[seat];
  const shard: Shard = { ...world.shards[seat], committed: memory, waiting: [] };
  const after = withShard(world, seat, shard);
  return { ...after, flying: [...after.flying, ...waiting] };
}

/** A shard dies and starts again with what it had committed. */
export function crash(world: World, seat: Seat): World {
  const { committed } = world.shards[seat];
  const startedAt = world.durability === "soon" ? world.clock + 1 : 0;
  const after = withShard(world, seat, { committed, memory: committed, waiting: [], startedAt });
  return { ...after, crashes: world.crashes - 1, clock: startedAt };
}

/** A shard sends what its partner missed. */
export function sendHandOver(world: World, seat: Seat): World {
  const record = world.shards[seat].committed;
  if (record === null) throw new Error("only a record is handed over");
  const { attempt, expiresAt } = record;
  return send(world, { kind: "handOver", seat: otherSeat(seat), attempt, expiresAt });
}

export function mayCrash(world: World, seat: Seat): boolean {
  return world.crashes > 0 && world.faulty.includes(seat);
}

/** Whether a shard has something to hand over, and is not at it. */
export function owes(world: World, seat: Seat): boolean {
  const { owner, successor } = world.shards;
  const messages = [...world.flying, ...owner.waiting, ...successor.waiting];
  const isUnderWay = messages.some(({ kind }) => kind === "handOver" || kind === "taken");
  return (world.shards[seat].committed?.owedTo.length ?? 0) > 0 && !isUnderWay;
}

export function acceptedIn(world: World): readonly string[] {
  return Object.keys(world.callers).filter((id) => world.callers[id]?.verdict === "accepted");
}

function ask(
  world: World,
  attempt: AttemptId,
  hearing: Hearing,
  seat: Seat,
  request: Request,
): World {
  const asking: Caller = { hearing: { ...hearing, [seat]: "waiting" }, verdict: null };
  return send(withCaller(world, attempt, asking), requestTo(seat, request, attempt));
}

function requestTo(seat: Seat, request: Request, attempt: AttemptId): Message {
  return { kind: "request", request, seat, attempt, isCopy: false };
}

function eventOf({ request, attempt, seat }: Extract<Message, { kind: "request" }>) {
  if (request !== "markSolo") return { type: request, attempt } as const;
  return { type: request, attempt, partner: nameOf(otherSeat(seat)) } as const;
}

function nameOf(seat: Seat): ShardName {
  return seat as string as ShardName;
}

function withEvent(
  rules: Rules,
  world: World,
  seat: Seat,
  event: Parameters<typeof transition>[1],
): World {
  const shard = world.shards[seat];
  const memory = rules.transition(shard.memory, event, world.clock);
  // Whatever a shard that cannot crash now does not commit, it may as well commit at once.
  const committed = mayCrash(world, seat) ? shard.committed : memory;
  return withShard(world, seat, { ...shard, memory, committed });
}

/** An answer waits for the commit, unless there is nothing to commit. */
function reply(rules: Rules, world: World, seat: Seat, message: Message): World {
  const shard = world.shards[seat];
  if (rules.answersWait && shard.memory !== shard.committed && !isUnheard(world, message)) {
    return withShard(world, seat, { ...shard, waiting: [...shard.waiting, message] });
  }
  return send(world, message);
}

function send(world: World, message: Message): World {
  return isUnheard(world, message) ? world : { ...world, flying: [...world.flying, message] };
}

/** Whether an answer is to a caller that has decided. */
function isUnheard(world: World, message: Message): boolean {
  return message.kind === "answer" && world.callers[message.attempt]?.verdict !== null;
}

function withShard(world: World, seat: Seat, shard: Shard): World {
  return { ...world, shards: { ...world.shards, [seat]: shard } };
}

/** A caller that has decided hears no more: what is on its way to it is as good as gone. */
function withCaller(world: World, attempt: string, caller: Caller): World {
  const after = { ...world, callers: { ...world.callers, [attempt]: caller } };
  if (caller.verdict === null) return after;
  const isHeard = (message: Message) => message.kind !== "answer" || message.attempt !== attempt;
  const { owner, successor } = world.shards;
  return {
    ...after,
    flying: world.flying.filter(isHeard),
    shards: {
      owner: { ...owner, waiting: owner.waiting.filter(isHeard) },
      successor: { ...successor, waiting: successor.waiting.filter(isHeard) },
    },
  };
}
