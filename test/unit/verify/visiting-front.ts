import type { SiteRecord } from "../../../durable-objects/registry/rpc.ts";
import { FIRST_ACCOUNT } from "../../../workers/keys/index.ts";
import { Visitor } from "../../builders/visitor.ts";
import { type Front, type FrontOptions, NOW, startFront } from "../workers/front-fixture.ts";
import { openSite, type TestSite } from "./site-fixture.ts";

/** Little work, so that a test is quick. */
export const EASY = { difficulty: "low", enrols: false } as const;

/** A site, a front whose clock the visitor's waiting moves, and someone who visits. */
export interface Visit {
  readonly site: TestSite;
  readonly front: Front;
  readonly visitor: Visitor;
  /** Lets so many milliseconds pass. */
  pass(ms: number): void;
}

export async function visit(
  fields: Partial<SiteRecord> = {},
  options: FrontOptions = {},
): Promise<Visit> {
  const site = await openSite(FIRST_ACCOUNT, { mode: "invisible", policy: EASY, ...fields });
  let now = NOW;
  const front = startFront({ now: () => now, ...options });
  const pass = (ms: number) => {
    now += ms;
  };
  return { site, front, visitor: new Visitor(front.call, site.sitekey, pass), pass };
}

/** Another isolate of the same deployment: its own memory, the same objects. */
export function besides({ front, site }: Visit): Visitor {
  const other = startFront({ now: front.context.now });
  Object.assign(other.context, { ledger: front.context.ledger });
  return new Visitor(other.call, site.sitekey, () => {});
}
