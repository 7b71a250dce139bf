import { drawing } from "./build.ts";

/** The mark of Sluice: a gate that is lifted over running water. */
export function brandMark(): Element {
  return drawing(
    "brand-mark",
    "0 0 24 24",
    "M4 3.5v17M20 3.5v17M4 10h16M12 3.5V10",
    "M7.5 15c1.5-1.2 3-1.2 4.5 0s3 1.2 4.5 0M7.5 19.5c1.5-1.2 3-1.2 4.5 0s3 1.2 4.5 0",
  );
}

export function tickMark(): Element {
  return drawing("tick-mark", "0 0 24 24", "M6 12.5l4 4 8-9");
}

export function alertMark(): Element {
  return drawing("alert-mark", "0 0 24 24", "M12 6.5v7M12 17.2v.1");
}

export function arrowRight(): Element {
  return drawing("icon", "0 0 24 24", "M5 12h13M13 6.5l5.5 5.5-5.5 5.5");
}

export function chevron(towards: "left" | "right"): Element {
  const path = towards === "left" ? "M14.5 6L8.5 12l6 6" : "M9.5 6l6 6-6 6";
  return drawing("icon", "0 0 24 24", path);
}

export function cross(): Element {
  return drawing("icon", "0 0 24 24", "M7 7l10 10M17 7L7 17");
}

export function circleArrow(): Element {
  return drawing("icon", "0 0 24 24", "M19.5 12a7.5 7.5 0 1 1-2.3-5.4", "M17.8 3v4.2h-4.2");
}

export function eyeOff(): Element {
  return drawing(
    "icon small",
    "0 0 24 24",
    "M4 4l16 16",
    "M9.9 5.8A9.6 9.6 0 0 1 12 5.5c5.5 0 9 6.5 9 6.5a16 16 0 0 1-2.6 3.3M6.3 7.6A16 16 0 0 0 3 12s3.5 6.5 9 6.5a9 9 0 0 0 4-.9",
  );
}
