import { describe, expect, it } from "vitest";
import { wakeAt } from "../../../packages/widget/src/machine/state.ts";
import { askingRig, challenge, kinds, PASSED, passedRig, Rig, TRACK } from "./builders.ts";

describe("a check with a box", () => {
  it("asks for a challenge, and proves its work before the visitor does anything", () => {
    const rig = new Rig();
    expect(rig.on({ type: "run" })).toEqual([{ do: "ask", turn: 1, path: "usual" }]);
    const { pow } = challenge();
    expect(rig.asked()).toContainEqual({ do: "prove", turn: 1, work: pow });
    expect(rig.phase).toBe("asking");
    expect(rig.told).toEqual([{ kind: "interactive", begins: true }]);
  });

  it("sends the solution at the tick, when the proof is there and the time has come", () => {
    const rig = askingRig();
    const solution = { challenge: "sc_challenge", pow: [1, 2], answer: null, track: TRACK };
    expect(rig.tick()).toContainEqual({ do: "solve", turn: 1, solution });
    rig.judged({ kind: "passed", passed: PASSED });
    expect(rig.phase).toBe("passed");
    expect(rig.told.at(-1)).toEqual({ kind: "passed", passed: PASSED });
  });

  it("holds the solution back until the proof is there", () => {
    const rig = new Rig();
    rig.on({ type: "run" });
    rig.asked();
    rig.nowMs += 1_000;
    expect(kinds(rig.tick())).not.toContain("solve");
    expect(kinds(rig.proved())).toEqual(["solve"]);
  });

  it("holds the solution back until it is not too early, and says when that is", () => {
    const rig = new Rig();
    rig.on({ type: "run" });
    rig.asked();
    rig.proved();
    expect(kinds(rig.tick())).not.toContain("solve");
    expect(wakeAt(rig.model)).toBe(1_300);
    expect(kinds(rig.after(299))).toEqual([]);
    expect(kinds(rig.after(1))).toEqual(["solve"]);
    expect(kinds(rig.after(1_000))).toEqual([]);
  });

  it("lets a visitor tick before the challenge has come, and needs no second tick", () => {
    const rig = new Rig();
    rig.on({ type: "run" });
    rig.tick();
    rig.asked();
    rig.nowMs += 300;
    expect(kinds(rig.proved())).toEqual(["solve"]);
  });

  it("hears one tick and one call while it is under way", () => {
    const rig = askingRig();
    rig.tick();
    expect([rig.tick(), rig.on({ type: "run" })]).toEqual([[], []]);
  });

  it("starts by a tick where the page has not started it", () => {
    expect(kinds(new Rig().tick())).toEqual(["ask"]);
  });

  it("takes no notice of what belongs to an earlier turn", () => {
    const rig = askingRig();
    rig.on({ type: "reset" });
    expect(rig.on({ type: "proved", turn: 1, nonces: [] })).toEqual([]);
    const late = { kind: "passed", passed: PASSED } as const;
    expect(rig.on({ type: "judged", turn: 1, judged: late })).toEqual([]);
    expect(rig.phase).toBe("idle");
  });

  it("takes a verdict in place of a challenge, as keys for tests have it", () => {
    const rig = new Rig();
    rig.on({ type: "run" });
    rig.on({ type: "asked", turn: 1, answer: { kind: "passed", passed: PASSED } });
    expect(rig.tellings).toEqual(["passed"]);
  });
});

describe("a check without a visitor's part", () => {
  it("sends the solution by itself", () => {
    const rig = new Rig();
    rig.on({ type: "run" });
    rig.asked(challenge("none"));
    rig.proved();
    expect(kinds(rig.after(300))).toEqual(["solve"]);
    expect(rig.tellings).toEqual([]);
  });

  it("is renewed by itself when the pass runs out", () => {
    const rig = new Rig();
    rig.on({ type: "run" });
    rig.asked(challenge("none"));
    rig.proved();
    rig.after(300);
    rig.judged({ kind: "passed", passed: PASSED });
    expect(kinds(rig.after(PASSED.expiresInMs))).toEqual(["tell", "ask"]);
    expect(rig.tellings).toEqual(["passed", "expired"]);
  });

  it("that was refused comes back at growing intervals", () => {
    const rig = new Rig();
    const pauses: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      rig.on(round === 0 ? { type: "run" } : { type: "due" });
      rig.asked(challenge("none"));
      rig.proved();
      rig.after(300);
      rig.refused("score");
      const at = wakeAt(rig.model) ?? 0;
      pauses.push(at - rig.nowMs);
      rig.nowMs = at;
    }
    expect(pauses).toEqual([8_000, 16_000, 32_000]);
  });
});

describe("a solution that is asked for more", () => {
  it("goes on by itself where more work is asked: the tick counts", () => {
    const rig = askingRig();
    rig.tick();
    const harder = challenge("checkbox", { challenge: "sc_harder" });
    expect(kinds(rig.judged({ kind: "again", challenge: harder }))).toEqual(["prove"]);
    rig.nowMs += 300;
    const [sent] = rig.proved();
    expect(sent).toMatchObject({ do: "solve", turn: 2, solution: { track: TRACK } });
  });

  it("opens a puzzle where a puzzle is asked", () => {
    const rig = askingRig();
    rig.tick();
    rig.judged({ kind: "again", challenge: challenge("slider") });
    expect(rig.model.state).toMatchObject({ phase: "asking", open: true });
    expect(rig.told.at(-1)).toMatchObject({ kind: "panel", opens: true });
    expect(rig.model.note).toBe("harder");
  });

  it("says so where the piece was in the wrong place, and keeps the panel open", () => {
    const rig = askingRig(challenge("slider"));
    rig.tick();
    rig.on({ type: "placed", answer: 10, track: TRACK });
    rig.judged({ kind: "again", challenge: challenge("slider") });
    expect(rig.tellings).toContain("wrong_place");
    expect(rig.model).toMatchObject({ note: "wrong_place", state: { open: true } });
  });
});

describe("a solution that is refused", () => {
  it.each(["expired", "used"] as const)(
    "for no fault of the visitor (%s) is tried anew, twice",
    (reason) => {
      const rig = askingRig();
      rig.tick();
      for (let round = 0; round < 2; round += 1) {
        expect(kinds(rig.refused(reason))).toEqual(["ask"]);
        rig.asked();
        rig.nowMs += 300;
        expect(kinds(rig.proved())).toEqual(["solve"]);
      }
      rig.refused(reason);
      expect(rig.model.state).toEqual({ phase: "failed", fault: "refused", retryAtMs: null });
    },
  );

  it("for the score waits for the visitor to try again", () => {
    const rig = askingRig();
    rig.tick();
    rig.refused("score");
    expect(rig.told.at(-1)).toEqual({ kind: "failed", fault: "refused" });
    expect(wakeAt(rig.model)).toBeNull();
    expect(kinds(rig.tick())).toEqual(["ask"]);
  });

  it("for its place brings another picture", () => {
    const rig = askingRig(challenge("slider"));
    rig.tick();
    rig.on({ type: "placed", answer: 10, track: TRACK });
    expect(kinds(rig.refused("answer"))).toEqual(["tell", "ask"]);
    rig.asked(challenge("slider"));
    expect(rig.model.state).toMatchObject({ phase: "asking", open: true });
  });

  it("for its page's host is the site's to mend", () => {
    const rig = askingRig();
    rig.tick();
    rig.refused("hostname");
    expect(rig.told.at(-1)).toEqual({ kind: "failed", fault: "wrong_hostname" });
  });
});

describe("a puzzle", () => {
  it("opens at a tick, and its answer is sent", () => {
    const rig = askingRig(challenge("slider"));
    expect(rig.model.state).toMatchObject({ open: false });
    expect(rig.tick()).toMatchObject([{ do: "tell", tell: { kind: "panel", opens: true } }]);
    const sent = rig.on({ type: "placed", answer: 101.5, track: TRACK });
    expect(sent).toContainEqual(
      expect.objectContaining({
        do: "solve",
        solution: expect.objectContaining({ answer: 101.5 }),
      }),
    );
  });

  it("opens by itself where nothing else is on show", () => {
    const rig = askingRig(challenge("slider"), { opensAtOnce: true });
    expect(rig.model.state).toMatchObject({ open: true });
  });

  it("closes, and opens again with the same picture", () => {
    const rig = askingRig(challenge("slider"));
    rig.tick();
    rig.on({ type: "closed" });
    expect(rig.model.state).toMatchObject({ phase: "asking", open: false });
    rig.tick();
    expect(rig.model).toMatchObject({ turn: 1, state: { open: true } });
  });

  it("that is closed where nothing else is on show ends the check", () => {
    const rig = askingRig(challenge("slider"), { opensAtOnce: true });
    rig.on({ type: "closed" });
    expect(rig.phase).toBe("idle");
    expect(rig.told).toContainEqual({ kind: "failed", fault: "closed" });
  });

  it("tells that the visitor dismissed it, and not that when it closes by itself", () => {
    const dismissed = askingRig(challenge("slider"));
    dismissed.tick();
    dismissed.on({ type: "closed" });
    expect(dismissed.told.at(-1)).toEqual({ kind: "panel", opens: false, dismissed: true });
    const solved = askingRig(challenge("slider"));
    solved.tick();
    solved.proved();
    solved.nowMs += 800;
    solved.on({ type: "placed", answer: 100, track: TRACK });
    solved.judged({ kind: "passed", passed: PASSED });
    expect(solved.told.at(-1)).toEqual({ kind: "panel", opens: false, dismissed: false });
  });

  it("can be exchanged for another picture", () => {
    const rig = askingRig(challenge("slider"));
    rig.tick();
    expect(kinds(rig.on({ type: "another_picture" }))).toEqual(["ask"]);
    expect(rig.model.state).toMatchObject({ phase: "loading", open: true });
  });

  it("can be declined: the work in its place begins without another click, and is asked for ever after", () => {
    const rig = askingRig(challenge("slider"));
    rig.tick();
    expect(rig.on({ type: "picture_declined", track: TRACK })).toEqual([
      { do: "ask", turn: 2, path: "accessible" },
    ]);
    rig.asked(challenge("checkbox"));
    rig.nowMs += 300;
    expect(kinds(rig.proved())).toEqual(["solve"]);
    rig.on({ type: "reset" });
    expect(rig.on({ type: "run" })).toMatchObject([{ path: "accessible" }]);
  });
});

describe("time", () => {
  it("ends a pass a little before the service does, and tells the page", () => {
    const rig = passedRig();
    expect(kinds(rig.after(PASSED.expiresInMs - 5_001))).toEqual([]);
    rig.after(1);
    expect(rig.told.at(-1)).toEqual({ kind: "expired", passed: PASSED });
    expect(rig.model).toMatchObject({ note: "expired", state: { phase: "resting" } });
  });

  it.each([
    ["auto", "interest", true],
    ["auto", "ticked", true],
    ["manual", "interest", false],
    ["manual", "ticked", true],
    ["never", "ticked", false],
  ] as const)(
    "after a pass, refresh-expired %s and %s: asks anew is %s",
    (refreshExpired, type, asks) => {
      const rig = passedRig(challenge(), { refreshExpired });
      rig.after(PASSED.expiresInMs);
      const effects = type === "ticked" ? rig.tick() : rig.on({ type });
      expect(kinds(effects).includes("ask")).toBe(asks);
    },
  );

  it("lets a box that nobody touched ask anew only when someone comes near", () => {
    const rig = askingRig();
    rig.after(180_000);
    expect(rig.tellings).toContain("timed_out");
    expect(rig.model).toMatchObject({ note: null, state: { phase: "resting" } });
    expect(kinds(rig.on({ type: "interest" }))).toEqual(["ask"]);
  });

  it("replaces a puzzle that is on show when its time is over", () => {
    const rig = askingRig(challenge("slider"));
    rig.tick();
    expect(kinds(rig.after(180_000))).toEqual(["tell", "ask"]);
    expect(rig.model.state).toMatchObject({ phase: "loading", open: true });
  });

  it("gives up on a proof that takes longer than its challenge lives, after three of them", () => {
    const rig = new Rig();
    rig.on({ type: "run" });
    for (let round = 0; round < 3; round += 1) {
      expect(rig.phase).toBe("loading");
      rig.asked(challenge("none"));
      rig.after(180_000);
    }
    expect(rig.phase).toBe("failed");
  });
});

describe("an outage", () => {
  it("is bridged twice in silence, with pauses that grow and differ, and then told", () => {
    const rig = new Rig();
    rig.on({ type: "run" });
    rig.failed("unavailable", 0, 0);
    expect(wakeAt(rig.model)).toBe(1_500);
    expect(kinds(rig.after(500))).toEqual(["ask"]);
    rig.failed("unavailable", 0, 1);
    expect(wakeAt(rig.model)).toBe(rig.nowMs + 3_000);
    rig.after(3_000);
    expect(rig.told).toEqual([]);
    rig.failed();
    expect(rig.told).toEqual([{ kind: "failed", fault: "unavailable" }]);
  });

  it("is tried again at the page's interval, and never passes by itself", () => {
    const rig = new Rig({ retryIntervalMs: 4_000 });
    rig.on({ type: "run" });
    for (let round = 0; round < 12; round += 1) {
      rig.failed();
      rig.nowMs = wakeAt(rig.model) ?? 0;
      expect(kinds(rig.on({ type: "due" }))).toEqual(["ask"]);
    }
    expect(rig.tellings).not.toContain("passed");
    expect(rig.tellings.filter((kind) => kind === "failed")).toHaveLength(10);
  });

  it("waits as long as the service asks", () => {
    const rig = new Rig();
    rig.on({ type: "run" });
    rig.failed("limited", 60_000);
    expect(wakeAt(rig.model)).toBe(61_000);
  });

  it("is told at once and left alone where the page wants no retry", () => {
    const rig = new Rig({ retries: false });
    rig.on({ type: "run" });
    rig.failed();
    expect(rig.model.state).toEqual({ phase: "failed", fault: "unavailable", retryAtMs: null });
  });

  it("while a solution is on its way has the same solution sent again", () => {
    const rig = askingRig();
    rig.tick();
    rig.failed();
    rig.nowMs = wakeAt(rig.model) ?? 0;
    expect(rig.on({ type: "due" })).toMatchObject([{ do: "solve", turn: 1 }]);
  });

  it("keeps a tick that came before it", () => {
    const rig = new Rig();
    rig.on({ type: "run" });
    rig.tick();
    rig.failed();
    rig.nowMs = wakeAt(rig.model) ?? 0;
    rig.on({ type: "due" });
    rig.asked();
    expect(rig.phase).toBe("checking");
  });

  it("of another kind than the service's own stays until someone mends it", () => {
    const rig = new Rig();
    rig.on({ type: "run" });
    rig.failed("wrong_hostname");
    expect(rig.model.state).toMatchObject({ phase: "failed", retryAtMs: null });
  });
});
