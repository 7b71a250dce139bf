import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openWorld, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world?.stop());

const box = (attributes = "") =>
  `<form method="post"><div class="sluice-verify" data-sitekey="${world.sitekeys.managed}" ${attributes}></div></form>
   <script src="${world.script()}" async defer></script>`;

describe("the box of a managed site", () => {
  test("gives a pass to a mouse, which the site's server redeems once", async () => {
    const visitor = await world.visit(box());
    await visitor.click("checkbox", "I am human");
    const pass = await visitor.pass();
    expect(await world.siteverify("managed", pass)).toMatchObject({
      success: true,
      hostname: "localhost",
    });
    expect(await world.siteverify("managed", pass)).toMatchObject({
      success: false,
      "error-codes": ["timeout-or-duplicate"],
    });
    await visitor.find("checkbox", "Verified", ({ properties }) => properties.checked === "true");
    expect(visitor.complaints).toEqual([]);
    await visitor.leave();
  });

  test("gives a pass to a finger", async () => {
    const visitor = await world.visit(box(), { context: { hasTouch: true, isMobile: true } });
    await visitor.tap("checkbox", "I am human");
    expect(await world.siteverify("managed", await visitor.pass())).toMatchObject({
      success: true,
    });
    await visitor.leave();
  });

  test("gives a pass to keys alone, for more work", async () => {
    const visitor = await world.visit(box());
    await visitor.tabTo("checkbox", "I am human");
    await visitor.press("Space");
    expect(await world.siteverify("managed", await visitor.pass())).toMatchObject({
      success: true,
    });
    await visitor.leave();
  });
});
