import type { ClientId } from "@sluice/protocol";
import { describe, expect, test } from "vitest";
import {
  Roster,
  type RosterAsk,
  type RosterNote,
  type RosterRows,
  type Whereabouts,
} from "../../../durable-objects/registry/roster.ts";

const CLIENT = "cl_a" as ClientId;
const OTHER = "cl_b" as ClientId;
const NOW = 1_000;

/** Rows in memory, beginning with so many clients that came too long ago to be remembered. */
class MemoryRows implements RosterRows {
  #clients: number;
  readonly #moves = new Map<ClientId, Whereabouts>();

  constructor(clients: number) {
    this.#clients = clients;
  }

  clients(): number {
    return this.#clients;
  }

  whereabouts(client: ClientId): Whereabouts | null {
    return this.#moves.get(client) ?? null;
  }

  note({ client, whereabouts, change }: RosterNote): void {
    this.#moves.set(client, whereabouts);
    this.#clients += change;
  }

  forget(): void {}
}

/** The count after these asks for one client, where five came long ago. */
function countAfter(asks: readonly RosterAsk[]): number {
  const rows = new MemoryRows(5);
  const roster = new Roster(rows);
  for (const ask of asks) {
    if (ask === "come") roster.come(CLIENT, 10, NOW);
    else roster[ask](CLIENT, NOW);
  }
  return rows.clients();
}

describe("the count of clients", () => {
  test.each<[string, RosterAsk[], number]>([
    ["a client comes", ["come"], 6],
    ["it comes again", ["come", "come"], 6],
    ["its enrolment fails", ["come", "undo"], 5],
    ["its enrolment fails, told twice", ["come", "undo", "undo"], 5],
    ["its undoing overtakes its coming", ["undo", "come"], 5],
    ["it is undone once more after that", ["undo", "come", "undo"], 5],
    ["it leaves", ["come", "leave"], 5],
    ["it leaves, told twice", ["come", "leave", "leave"], 5],
    ["one leaves that came long ago", ["leave"], 4],
    ["one leaves that came long ago, told twice", ["leave", "leave"], 4],
    ["what never came is undone", ["undo"], 5],
  ])("is right when %s", (_what, asks, clients) => {
    expect(countAfter(asks)).toBe(clients);
  });
});

describe("a full account", () => {
  test("refuses a client, and remembers nothing of it", () => {
    const rows = new MemoryRows(5);
    const refused = new Roster(rows).come(CLIENT, 5, NOW);
    expect(refused).toMatchObject({ ok: false, error: { code: "quota_exceeded" } });
    expect(rows.clients()).toBe(5);
    expect(rows.whereabouts(CLIENT)).toBeNull();
  });

  test("takes the one that filled it again, and no other", () => {
    const roster = new Roster(new MemoryRows(4));
    const verdicts = [CLIENT, CLIENT, OTHER].map((client) => roster.come(client, 5, NOW).ok);
    expect(verdicts).toEqual([true, true, false]);
  });

  test("that may have none has none", () => {
    expect(new Roster(new MemoryRows(0)).come(CLIENT, 0, NOW).ok).toBe(false);
  });
});
