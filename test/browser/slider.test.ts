import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dragTo, keyTo, placeOfGap, swipeTo, wayTo } from "./puzzle.ts";
import { openWorld, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world?.stop());

const box = () =>
  `<form><div class="sluice-verify" data-sitekey="${world.sitekeys.slider}"></div></form>
   <script src="${world.script()}" async defer></script>`;
const isPass = async (pass: string) =>
  expect(await world.siteverify("slider", pass)).toMatchObject({ success: true });

describe("the puzzle of a site that asks for one", () => {
  test("is solved by dragging with the mouse", async () => {
    const visitor = await world.visit(box());
    await visitor.click("checkbox", "I am human");
    await visitor.find("slider");
    await dragTo(visitor, await placeOfGap(visitor));
    await isPass(await visitor.pass());
    await visitor.find("checkbox", "Verified");
    expect(await visitor.lacks("dialog")).toBe(true);
    expect(visitor.complaints).toEqual([]);
    await visitor.leave();
  });

  test("is solved by dragging with a finger on a small telephone", async () => {
    const context = { hasTouch: true, isMobile: true, viewport: { width: 320, height: 568 } };
    const visitor = await world.visit(box(), { context });
    await visitor.tap("checkbox", "I am human");
    await visitor.find("slider");
    await swipeTo(visitor, await placeOfGap(visitor));
    await isPass(await visitor.pass());
    await visitor.leave();
  });

  test("is solved by keys alone, from the box to the pass", async () => {
    const visitor = await world.visit(box());
    await visitor.tabTo("checkbox", "I am human");
    await visitor.press("Space");
    await visitor.find("slider", /./, ({ properties }) => properties.focused === true);
    await keyTo(visitor, await placeOfGap(visitor));
    await isPass(await visitor.pass());
    const isFocused = ({ properties }: { properties: Readonly<Record<string, unknown>> }) =>
      properties.focused === true;
    await visitor.find("checkbox", "Verified", isFocused);
    await visitor.leave();
  });

  test("is solved by single clicks: on the rail, on the buttons for a little, and on Confirm", async () => {
    const visitor = await world.visit(box());
    await visitor.click("checkbox", "I am human");
    await visitor.find("slider");
    const { x, y, way } = await wayTo(visitor, (await placeOfGap(visitor)) - 9);
    await visitor.moveTo(x + way, y);
    await visitor.page.mouse.click(x + way, y);
    for (let click = 0; click < 3; click += 1)
      await visitor.click("button", "A little to the right");
    await visitor.click("button", "Confirm");
    await isPass(await visitor.pass());
    await visitor.leave();
  });

  test("in the wrong place says so and brings another picture, which then is solved", async () => {
    const visitor = await world.visit(box());
    await visitor.click("checkbox", "I am human");
    await visitor.find("slider");
    const gap = await placeOfGap(visitor);
    await dragTo(visitor, gap > 150 ? gap - 60 : gap + 60);
    await visitor.find("StaticText", "Not quite. Here is another one.");
    await visitor.find("slider", /./, ({ value }) => value === "0");
    await dragTo(visitor, await placeOfGap(visitor));
    await isPass(await visitor.pass());
    await visitor.leave();
  });

  test("need not be seen: whoever declines the picture passes for more work", async () => {
    const visitor = await world.visit(box());
    await visitor.tabTo("checkbox", "I am human");
    await visitor.press("Space");
    await visitor.find("slider");
    await visitor.tabTo("button", "I cannot see the picture");
    await visitor.press("Enter");
    await visitor.find("heading", "No picture needed");
    await isPass(await visitor.pass());
    const asked = visitor.requests.filter((request) => request.url().endsWith("/challenge"));
    expect(asked.map((request) => request.postDataJSON().path)).toEqual(["usual", "accessible"]);
    await visitor.leave();
  });

  test("closes by Escape, gives the focus back, and opens again", async () => {
    const visitor = await world.visit(box());
    await visitor.tabTo("checkbox", "I am human");
    await visitor.press("Space");
    await visitor.find("slider");
    await visitor.press("Escape");
    await visitor.find("checkbox", "I am human", ({ properties }) => properties.focused === true);
    expect(await visitor.lacks("dialog")).toBe(true);
    await visitor.press("Space");
    await visitor.find("slider", /./, ({ properties }) => properties.focused === true);
    await visitor.leave();
  });
});
