import type { SolveAnswer } from "@sluice/protocol";
import { createOperator } from "@sluice/sdk/operator";
import type { Browser, BrowserContextOptions, Page, Request } from "playwright-core";
import { type Running, runSluice } from "../harness/running.ts";
import { launchChromium, ordinaryUserAgent } from "./chromium.ts";
import { Visitor } from "./visitor.ts";
import { serveSite, type WebServer } from "./web-server.ts";

type Mode = "invisible" | "managed" | "slider";

/** A service, a web site of another origin with a sitekey for each mode, and a browser. */
export interface World {
  readonly running: Running;
  readonly site: WebServer;
  readonly browser: Browser;
  readonly sitekeys: Readonly<Record<Mode, string>>;
  /** Address of the script, with what stands behind the question mark. */
  script(query?: string): string;
  /** Opens a page with this content in a browser profile of its own. */
  visit(body: string, options?: VisitOptions): Promise<Visitor>;
  siteverify(mode: Mode, pass: string): Promise<Record<string, unknown>>;
  stop(): Promise<void>;
}

export interface VisitOptions {
  /** By which name the page is asked for; `localhost`, which the sites are for, unless another is given. */
  readonly host?: "localhost" | "127.0.0.1";
  readonly context?: BrowserContextOptions;
  readonly headers?: Readonly<Record<string, string>>;
  /** Before the page is opened. */
  readonly prepare?: (page: Page) => Promise<unknown>;
}

/** No test hand moves as people do, least of all on a busy machine; what the score thinks is tested elsewhere. */
const THRESHOLDS: Readonly<Record<Mode, number>> = { invisible: 0.5, managed: 0.5, slider: 0.02 };

/** What the work costs a browser is tested elsewhere too, and many browsers share the machine here. */
const POLICY = { difficulty: "low", enrols: false } as const;

const MODES: readonly Mode[] = ["invisible", "managed", "slider"];

export async function openWorld(): Promise<World> {
  const [running, site, browser] = await Promise.all([runSluice(), serveSite(), launchChromium()]);
  const { url } = running.service;
  const operator = createOperator({ url, key: running.operatorKey });
  const made = await Promise.all(
    MODES.map((mode) => {
      const threshold = THRESHOLDS[mode];
      const hostnames = ["localhost"];
      return operator.sites.create({ name: mode, hostnames, mode, threshold, policy: POLICY });
    }),
  );
  const keys = new Map(MODES.map((mode, index) => [mode, made[index]]));
  const keyOf = (mode: Mode) => keys.get(mode) ?? { sitekey: "", secret: "" };
  const userAgent = await ordinaryUserAgent(browser);
  let visits = 0;
  return {
    running,
    site,
    browser,
    sitekeys: {
      invisible: keyOf("invisible").sitekey,
      managed: keyOf("managed").sitekey,
      slider: keyOf("slider").sitekey,
    },
    script: (query = "") => `${url}/v1/verify/api.js${query}`,
    async visit(body, { host = "localhost", context = {}, headers = {}, prepare } = {}) {
      visits += 1;
      const path = `/page-${visits}`;
      site.pages.set(path, { body: pageOf(body), headers });
      const profile = await browser.newContext({ userAgent, locale: "en-GB", ...context });
      const page = await profile.newPage();
      const visitor = new Visitor(page);
      await prepare?.(page);
      await page.goto(site.url.replace("localhost", host) + path);
      return visitor;
    },
    async siteverify(mode, pass) {
      const response = await fetch(`${url}/siteverify`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ secret: keyOf(mode).secret, response: pass }),
      });
      return response.json();
    },
    async stop() {
      await browser.close();
      await site.stop();
      await running.service.stop();
    },
  };
}

function pageOf(body: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A page</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head><body><main><h1>A page</h1>${body}</main></body></html>`;
}

/** The verdict that a call of `solve` was answered with. */
export async function verdictOf(request: Request): Promise<SolveAnswer> {
  return (await request.response())?.json();
}
