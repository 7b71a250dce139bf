import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const CHROMIUM = "/usr/bin/chromium";
/** The pages behind the address bar, which take a second of processor time in every new window. */
const ADDRESS_BAR = ["WebUIOmniboxPopup", "WebUIOmniboxAimPopup"];
/** What playwright switches off itself, and no longer does where a list is given. */
const OFF_ANYWAY = [
  "AimEnabled",
  "AvoidCorsURLLoaderRestartOnRedirect",
  "AvoidUnnecessaryBeforeUnloadCheckSync",
  "DestroyProfileOnBrowserClose",
  "HttpsFirstBalancedModeAutoEnable",
  "HttpsUpgrades",
  "LensOverlay",
  "MediaRouter",
  "NetworkTimeServiceQuerying",
  "OptimizationHints",
  "PaintHolding",
  "PreconnectToSearch",
  "ThirdPartyStoragePartitioning",
];

/** Headless, without a GPU, and without the browser's own calls to the network. */
const FLAGS = [
  `--disable-features=${[...ADDRESS_BAR, ...OFF_ANYWAY].join(",")}`,
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
/** A browser that is driven says so to pages, and the service thinks the less of it. */
const AS_A_PERSON = "--disable-blink-features=AutomationControlled";

/**
 * Debian's Chromium. `drivenOpenly` leaves what tells pages that a program drives it. Throws with the way to
 * get it where it is missing.
 */
export async function launchChromium(drivenOpenly = false): Promise<Browser> {
  const executablePath = process.env.CHROMIUM ?? CHROMIUM;
  if (!existsSync(executablePath)) {
    throw new Error(
      `the browser tests need Chromium at ${executablePath}: apt-get install chromium, or name another with the variable CHROMIUM`,
    );
  }
  const args = drivenOpenly ? FLAGS : [...FLAGS, AS_A_PERSON];
  return chromium.launch({ executablePath, args });
}

/** What the browser calls itself where nobody drives it. */
export async function ordinaryUserAgent(browser: Browser): Promise<string> {
  const [major = "0"] = browser.version().split(".");
  return `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${major}.0.0.0 Safari/537.36`;
}
