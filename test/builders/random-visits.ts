import type { SolveRequest } from "@sluice/protocol";
import fc from "fast-check";
import { searchSize } from "./search-size.ts";
import type { Visitor } from "./visitor.ts";

/** Challenges that were worked for, so that what is random is looked at as far as it can be. */
const WORKED = searchSize(10, 40);

/** Stands in what is sent and may stand in no answer. */
export const MARK = "zq9-marked";

const word = fc.oneof(
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.constant(MARK),
  fc.constant(""),
);
const anything = fc.oneof(word, fc.jsonValue({ maxDepth: 3 }), fc.double(), fc.integer());
const number = fc.oneof(fc.double(), fc.integer(), fc.constant(1e308), anything);
const points = fc.oneof(
  fc.array(fc.tuple(fc.integer(), fc.integer(), fc.integer())),
  fc.array(fc.tuple(fc.nat(400), fc.nat(200), fc.nat(3_000)), { maxLength: 40 }),
  fc.array(fc.array(number)),
  anything,
);
const track = fc.oneof(
  fc.record({
    pointer: fc.oneof(fc.constantFrom("mouse", "touch", "pen", "keyboard"), anything),
    points,
  }),
  anything,
);

/** Bodies that are no JSON, JSON of any kind, or nearly what the call takes. */
function bodies(near: fc.Arbitrary<object>): fc.Arbitrary<string> {
  return fc.oneof(
    fc.string({ unit: "binary", maxLength: 500 }),
    fc.json(),
    near.map((body) => JSON.stringify(body)),
    near.map((body) => JSON.stringify(body).slice(0, -1)),
  );
}

/** Bodies for a challenge, of which many have a genuine sitekey. */
export function challengeBodies(sitekey: string): fc.Arbitrary<string> {
  const fields = {
    sitekey: fc.oneof(fc.constant(sitekey), anything),
    action: anything,
    cdata: anything,
    path: fc.oneof(fc.constantFrom("usual", "accessible"), anything),
  };
  return bodies(fc.record(fields, { requiredKeys: [] }));
}

/** Bodies for a solution, of which many have a genuine challenge and the work done for it. */
export function solveBodies(worked: readonly SolveRequest[]): fc.Arbitrary<string> {
  const rest = fc.record(
    { answer: number, track, automated: fc.oneof(fc.boolean(), anything) },
    { requiredKeys: [] },
  );
  const nonces = fc.oneof(fc.array(fc.nat()), fc.array(fc.integer()), fc.array(anything), anything);
  const genuine = fc
    .tuple(fc.constantFrom(...worked), rest)
    .map(([solution, fields]) => ({ ...solution, ...fields }));
  const altered = fc
    .tuple(genuine, fc.oneof(word, fc.constant("sc_AAAA")), nonces, fc.boolean())
    .map(([solution, challenge, pow, which]) => ({
      ...solution,
      ...(which ? { challenge } : { pow }),
    }));
  return bodies(fc.oneof(genuine, altered));
}

/** Solutions that lack nothing but what a visitor does. */
export async function workedVisits(visitor: Visitor): Promise<SolveRequest[]> {
  const solutions: SolveRequest[] = [];
  for (let n = 0; n < WORKED; n += 1) solutions.push(await visitor.work(await visitor.ask()));
  return solutions;
}
