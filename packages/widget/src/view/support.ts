/** Whether the browser has what a widget is made of: sheets made by a script, and dialogs. Both are of 2023. */
export function isSupported(): boolean {
  return hasScriptedSheets() && typeof HTMLDialogElement === "function";
}

/** Whether a tree takes a style sheet that a script made. */
export function hasScriptedSheets(): boolean {
  return "adoptedStyleSheets" in ShadowRoot.prototype && "replaceSync" in CSSStyleSheet.prototype;
}
