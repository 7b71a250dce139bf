import type { CDPSession, Page, Request } from "playwright-core";

/** An element as aids see it. */
export interface Seen {
  readonly role: string;
  readonly name: string;
  readonly value: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly description: string;
  readonly node: number;
}

/** Where an element is, CSS pixels of the window. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const POLL_MS = 50;
const PATIENCE_MS = 60_000;

/**
 * A person before a page. Finds things as an aid does, by role and name in the browser's own accessibility
 * tree: that reaches into closed shadow trees, which scripts do not.
 */
export class Visitor {
  readonly page: Page;
  readonly requests: Request[] = [];
  readonly complaints: string[] = [];
  #session: Promise<CDPSession> | undefined;

  constructor(page: Page) {
    this.page = page;
    page.on("request", (request) => this.requests.push(request));
    page.on("pageerror", (error) => this.complaints.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error") this.complaints.push(message.text());
    });
  }

  /** All that aids see, in the order of the page. */
  async seen(): Promise<Seen[]> {
    const session = await this.session();
    const { nodes } = await session.send("Accessibility.getFullAXTree");
    return nodes
      .filter(({ ignored }) => !ignored)
      .map((node) => ({
        role: String(node.role?.value ?? ""),
        name: String(node.name?.value ?? ""),
        value: String(node.value?.value ?? ""),
        description: String(node.description?.value ?? ""),
        properties: Object.fromEntries(
          [...(node.properties ?? [])].map(({ name, value }) => [name, value.value]),
        ),
        node: node.backendDOMNodeId ?? 0,
      }));
  }

  /** Waits for an element; `ready` may ask for more than its presence. */
  async find(
    role: string,
    name: string | RegExp = /./,
    ready: (seen: Seen) => boolean = () => true,
  ): Promise<Seen> {
    const fits = (seen: Seen) => seen.role === role && matches(name, seen) && ready(seen);
    return this.until(`${role} ${name}`, async () => (await this.seen()).find(fits));
  }

  /** Whether no such element is seen at this moment. */
  async lacks(role: string, name: string | RegExp = /./): Promise<boolean> {
    return !(await this.seen()).some((seen) => seen.role === role && matches(name, seen));
  }

  async placeOf({ node }: Seen): Promise<Place> {
    const session = await this.session();
    const { model } = await session.send("DOM.getBoxModel", { backendNodeId: node });
    const [x = 0, y = 0] = model.border;
    return { x, y, width: model.width, height: model.height };
  }

  /** Comes to an element as a hand does, and clicks it. */
  async click(role: string, name: string | RegExp): Promise<void> {
    const { x, y } = middleOf(await this.placeOf(await this.find(role, name)));
    await this.moveTo(x, y);
    await this.page.mouse.click(x, y, { delay: 60 });
  }

  /** Moves the mouse from its corner: not straight, not evenly. */
  async moveTo(x: number, y: number, steps = 14): Promise<void> {
    const from = { x: x + 180, y: y + 130 };
    for (let step = 0; step <= steps; step += 1) {
      const share = ease(step / steps);
      const bend = Math.sin(share * Math.PI) * 14;
      await this.page.mouse.move(
        from.x + (x - from.x) * share + bend,
        from.y + (y - from.y) * share - bend / 2,
      );
      await pause(8 + ((step * 7) % 11));
    }
  }

  async tap(role: string, name: string | RegExp): Promise<void> {
    const { x, y } = middleOf(await this.placeOf(await this.find(role, name)));
    const session = await this.session();
    const touchPoints = [{ x, y }];
    await session.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints });
    await pause(70);
    await session.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  }

  /** Presses Tab until an element has the focus. */
  async tabTo(role: string, name: string | RegExp): Promise<void> {
    await this.find(role, name);
    for (let presses = 0; presses < 20; presses += 1) {
      await this.press("Tab");
      if ((await this.focused()).some((seen) => seen.role === role && matches(name, seen))) return;
    }
    throw new Error(`Tab does not lead to ${role} ${name}`);
  }

  /** What has the focus, from the page inwards. */
  async focused(): Promise<Seen[]> {
    return (await this.seen()).filter(({ properties }) => properties.focused === true);
  }

  async press(key: string): Promise<void> {
    await this.page.keyboard.press(key);
    await pause(60 + Math.random() * 60);
  }

  /** The value of a field of the page's form, once it has one. */
  pass(field = "sluice-response"): Promise<string> {
    return this.until(`a pass in ${field}`, () =>
      this.page.evaluate(
        (name) => document.querySelector<HTMLInputElement>(`[name="${name}"]`)?.value || undefined,
        field,
      ),
    );
  }

  async until<Value>(what: string, look: () => Promise<Value | undefined>): Promise<Value> {
    const endsAtMs = performance.now() + PATIENCE_MS;
    for (;;) {
      const found = await look();
      if (found !== undefined) return found;
      if (performance.now() > endsAtMs) {
        const seen = (await this.seen()).map(({ role, name }) => `${role} "${name}"`);
        throw new Error(`never saw ${what}; there is ${seen.join(", ")}; ${this.complaints}`);
      }
      await pause(POLL_MS);
    }
  }

  session(): Promise<CDPSession> {
    this.#session ??= this.page.context().newCDPSession(this.page);
    return this.#session;
  }

  /** Closes the page and its profile. */
  leave(): Promise<void> {
    return this.page.context().close();
  }
}

function matches(name: string | RegExp, seen: Seen): boolean {
  return typeof name === "string" ? seen.name === name : name.test(seen.name);
}

export function middleOf({ x, y, width, height }: Place): { x: number; y: number } {
  return { x: x + width / 2, y: y + height / 2 };
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Slow, fast, slow. */
function ease(share: number): number {
  return share ** 3 * (10 - 15 * share + 6 * share ** 2);
}
