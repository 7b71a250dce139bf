import type { DemoKeys, DemoSite } from "./sites.ts";

/** One page of the demonstration. */
export interface DemoPage {
  readonly path: string;
  readonly title: string;
  /** What there is to see, in a sentence. */
  readonly about: string;
  readonly site: DemoSite;
  /** What a site's owner would put into the page. */
  readonly snippet: (address: string, sitekey: string) => string;
  /** Path of siteverify, in the dialect of the page; null where the page sends no form. */
  readonly verify: string | null;
}

const box =
  (className: string, more = "") =>
  (address: string, sitekey: string) =>
    `<script src="${address}${more}" async defer></script>\n<div class="${className}" data-sitekey="${sitekey}"></div>`;

const OWN = "/siteverify";

export const DEMO_PAGES: readonly DemoPage[] = [
  {
    path: "/managed",
    title: "A box to tick",
    about: "The usual mode: a tick is enough, and whoever is in doubt is asked for a puzzle.",
    site: "managed",
    snippet: box("sluice-verify"),
    verify: OWN,
  },
  {
    path: "/slider",
    title: "A puzzle",
    about: "Always a puzzle: drag, press keys or click. Or decline the picture, for more work.",
    site: "slider",
    snippet: box("sluice-verify"),
    verify: OWN,
  },
  {
    path: "/invisible",
    title: "Nothing to see",
    about: "The browser works, the visitor does not.",
    site: "invisible",
    snippet: box("sluice-verify"),
    verify: OWN,
  },
  {
    path: "/two",
    title: "Two on one page",
    about: "Each in a form of its own, one of them small and dark.",
    site: "managed",
    snippet: (address, sitekey) =>
      `${box("sluice-verify")(address, sitekey)}\n</form><form method="post" action="/two">\n<div class="sluice-verify" data-sitekey="${sitekey}" data-size="compact" data-theme="dark"></div>`,
    verify: OWN,
  },
  {
    path: "/turnstile",
    title: "Written for Turnstile",
    about: "Turnstile's class, field and siteverify; only the script's address is another.",
    site: "managed",
    snippet: box("cf-turnstile", "?compat=turnstile"),
    verify: "/turnstile/v0/siteverify",
  },
  {
    path: "/recaptcha",
    title: "Written for reCAPTCHA",
    about: "reCAPTCHA v2's class, field and siteverify.",
    site: "managed",
    snippet: box("g-recaptcha", "?compat=recaptcha"),
    verify: "/recaptcha/api/siteverify",
  },
  {
    path: "/hcaptcha",
    title: "Written for hCaptcha",
    about: "hCaptcha's class, fields and siteverify.",
    site: "managed",
    snippet: box("h-captcha", "?compat=hcaptcha"),
    verify: "/hcaptcha/siteverify",
  },
  {
    path: "/geetest",
    title: "Written for GeeTest",
    about: "initGeetest4 and its five values, validated with a signature.",
    site: "slider",
    snippet: (address, sitekey) => `<div id="captcha"></div>
<script src="${address}?compat=geetest"></script>
<script>
initGeetest4({ captchaId: "${sitekey}", product: "float" }, (captcha) => {
  captcha.appendTo("#captcha").onSuccess(() => {
    for (const [name, value] of Object.entries(captcha.getValidate())) {
      const field = Object.assign(document.createElement("input"), { type: "hidden", name, value });
      document.querySelector("form").append(field);
    }
  });
});
</script>`,
    verify: "/validate",
  },
  {
    path: "/socket",
    title: "A browser that takes tasks",
    about: "The pass becomes an identity for an hour; the page holds a socket and does a task.",
    site: "socket",
    snippet: (address, sitekey) =>
      `<script src="${address}" async defer></script>
<div class="sluice-verify" data-sitekey="${sitekey}" data-callback="becomeClient" data-response-field="false"></div>
<script type="module" src="/client.js"></script>
<ol id="log" aria-live="polite"></ol>`,
    verify: null,
  },
];

/** The first page: what there is to look at. */
export function indexPage(): string {
  const cards = DEMO_PAGES.map(
    ({ path, title, about }) =>
      `<li><a href="${path}"><strong>${title}</strong><span>${about}</span></a></li>`,
  );
  return layout(
    "Sluice, tried out",
    `<p class="lead">Each page is a form of a site whose server asks siteverify. All of it runs on this machine.</p>
<ul class="cards">${cards.join("")}</ul>`,
    "",
  );
}

/** A page with its form, and beneath it what makes it one. */
export function demoPage(page: DemoPage, service: string, keys: DemoKeys, nonce: string): string {
  const snippet = page.snippet(`${service}/v1/verify/api.js`, keys[page.site].sitekey);
  const button =
    page.verify === null
      ? ""
      : `<label>Your name <input name="name" autocomplete="name" value="Ada"></label><button>Send</button>`;
  const noted = snippet.replaceAll("<script", `<script nonce="${nonce}"`);
  const buttons = noted.replaceAll("</form>", `${button}</form>`);
  return layout(
    page.title,
    `<p class="lead">${page.about}</p>
<form method="post" action="${page.path}">${buttons}${button}</form>
<h2>In the page</h2><pre><code>${escapeHtml(snippet)}</code></pre>
<p class="small">Policy of this page: <code>${escapeHtml(policyOf(service, nonce))}</code></p>`,
    BACK,
  );
}

/** What the site's server was told. */
export function verdictPage(page: DemoPage, verdict: unknown): string {
  return layout(
    "What the site's server is told",
    `<p class="lead">By <code>POST ${page.verify}</code>, from the server of this page:</p>
<pre><code>${escapeHtml(JSON.stringify(verdict, null, 2))}</code></pre>
<p><a href="${page.path}">Once more</a></p>`,
    BACK,
  );
}

/** A strict policy: scripts by nonce alone, no styles but the page's file, no pictures. */
export function policyOf(service: string, nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'`,
    "style-src 'self'",
    `connect-src 'self' ${service} ${service.replace(/^http/, "ws")}`,
    "worker-src blob:",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

const BACK = `<nav><a href="/">All pages</a></nav>`;

function layout(title: string, body: string, before: string): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><link rel="stylesheet" href="/style.css"></head>
<body><main>${before}<h1>${title}</h1>${body}</main></body></html>`;
}

function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };
  return text.replaceAll(/[&<>]/g, (character) => entities[character] ?? "");
}
