import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/**
 * A page's script that renders an element of React in strict mode into `#root`, as a bundler makes it.
 * `wrapper` is the import of an unmodified package as `Widget`; `props` is JavaScript.
 */
export async function reactPage(wrapper: string, props: string): Promise<string> {
  const contents = `
    import { createElement, StrictMode } from "react";
    import { createRoot } from "react-dom/client";
    ${wrapper}
    const props = ${props};
    const root = createRoot(document.querySelector("#root"));
    window.show = (more) => root.render(createElement(StrictMode, null, createElement(Widget, { ...props, ...more })));
    window.leave = () => root.render(null);
    window.show();`;
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: ROOT, loader: "js" },
    bundle: true,
    write: false,
    format: "iife",
    define: { "process.env.NODE_ENV": '"development"' },
    logLevel: "error",
  });
  return `<form><div id="root"></div></form><script>${(outputFiles[0]?.text ?? "").replaceAll("</script", "<\\/script")}</script>`;
}
