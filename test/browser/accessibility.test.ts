import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Visitor } from "./visitor.ts";
import { openWorld, type World } from "./world.ts";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
/** Big enough for a finger (WCAG 2.1, 2.5.5). */
const TARGET_PX = 44;
/** Scripts see into no closed tree, axe neither: for its eyes alone the trees are made open. */
const OPEN_TREES = `const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (init) { return attach.call(this, { ...init, mode: "open" }) };`;

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world?.stop());

const page = (sitekey: string, attributes: string) =>
  `<form><div class="sluice-verify" data-sitekey="${sitekey}" ${attributes}></div></form>
   <script src="${world.script()}" async defer></script>`;

async function violations(visitor: Visitor): Promise<string[]> {
  await visitor.page.addScriptTag({ path: AXE });
  const results = await visitor.page.evaluate<AxeResults>(
    `axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })`,
  );
  // A place within a shadow tree is a list: axe has looked inside.
  const looked = results.passes.flatMap(({ nodes }) => nodes.map(({ target }) => target[0]));
  expect(looked.some((place) => Array.isArray(place))).toBe(true);
  return results.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html)}`);
}

const THEMES = ["light", "dark"] as const;

describe.each(THEMES)("with the %s theme axe finds nothing wrong", (theme) => {
  const context = { colorScheme: theme, reducedMotion: "reduce" } as const;
  const prepare = async (visited: Visitor["page"]) => visited.addInitScript(OPEN_TREES);
  const look = theme === "dark" ? `<style>body { background: #10161c; color: #eee }</style>` : "";

  test("with the box, waiting and done", async () => {
    const body = look + page(world.sitekeys.managed, `data-theme="${theme}"`);
    const visitor = await world.visit(body, { context, prepare });
    await visitor.find("checkbox", "I am human");
    expect(await violations(visitor)).toEqual([]);
    await visitor.click("checkbox", "I am human");
    await visitor.find("checkbox", "Verified");
    expect(await violations(visitor)).toEqual([]);
    await visitor.leave();
  });

  test("with the puzzle, which the system's colours choose", async () => {
    const visitor = await world.visit(look + page(world.sitekeys.slider, ""), { context, prepare });
    await visitor.click("checkbox", "I am human");
    await visitor.find("slider");
    expect(await violations(visitor)).toEqual([]);
    await visitor.leave();
  });
});

describe("aids see", () => {
  test("a box with a name in a group with a name, and hear what becomes of it", async () => {
    const visitor = await world.visit(page(world.sitekeys.managed, ""));
    const box = await visitor.find("checkbox", "I am human");
    expect(box.properties).toMatchObject({ checked: "false", focusable: true });
    await visitor.find("group", "Human verification");
    await visitor.click("checkbox", "I am human");
    await visitor.find("checkbox", "Verified", ({ properties }) => properties.checked === "true");
    const status = await visitor.find("status", /|/);
    expect(status.properties).toMatchObject({ live: "polite" });
    await visitor.leave();
  });

  test("a slider with its name, its range, its value and what else there is", async () => {
    const visitor = await world.visit(page(world.sitekeys.slider, ""));
    await visitor.click("checkbox", "I am human");
    const slider = await visitor.find("slider", "Place of the piece");
    expect(slider.properties).toMatchObject({
      focused: true,
      valuemin: 0,
      orientation: "horizontal",
    });
    expect(Number(slider.properties.valuemax)).toBeGreaterThan(0);
    expect(slider.description).toContain("I cannot see the picture");
    await visitor.find(
      "dialog",
      "Move the piece into its gap",
      ({ properties }) => properties.modal === true,
    );
    for (const [key, value] of [
      ["PageUp", "30"],
      ["ArrowRight", "33"],
      ["ArrowDown", "30"],
      ["Home", "0"],
      ["End", String(slider.properties.valuemax)],
    ] as const) {
      await visitor.press(key);
      expect(await visitor.find("slider")).toMatchObject({ value });
    }
    await visitor.leave();
  });
});

test("everything that is pressed is big enough for a finger, and fits a window of 320 pixels", async () => {
  const context = { viewport: { width: 320, height: 568 } };
  const visitor = await world.visit(page(world.sitekeys.slider, `data-size="flexible"`), {
    context,
  });
  const box = await visitor.placeOf(await visitor.find("checkbox", "I am human"));
  await visitor.click("checkbox", "I am human");
  await visitor.find("slider");
  const pressed = (await visitor.seen()).filter(
    ({ role }) => role === "button" || role === "slider",
  );
  const places = [box, ...(await Promise.all(pressed.map((seen) => visitor.placeOf(seen))))];
  expect(places).toHaveLength(8);
  for (const { x, width, height } of places) {
    expect(Math.min(width, height)).toBeGreaterThanOrEqual(TARGET_PX);
    expect(x).toBeGreaterThanOrEqual(0);
    expect(x + width).toBeLessThanOrEqual(320);
  }
  expect(await visitor.page.evaluate("document.documentElement.scrollWidth")).toBe(320);
  await visitor.leave();
});
