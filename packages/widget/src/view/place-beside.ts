/** Between a panel, what it is beside, and the window's edges, CSS pixels. */
const GAP = 8;
/** In a narrower window the panel stands in the middle. */
const NARROW = 480;

interface Size {
  readonly width: number;
  readonly height: number;
}
interface Box extends Size {
  readonly left: number;
  readonly top: number;
}

/**
 * Where a panel goes: under a box, or above it, where there is room for it, else in the middle (null).
 */
export function besideBox(box: Box, panel: Size, view: Size): { left: number; top: number } | null {
  const isSeen = box.width > 0 && box.top + box.height > 0 && box.top < view.height;
  if (view.width < NARROW || !isSeen) return null;
  const left = Math.max(GAP, Math.min(box.left, view.width - panel.width - GAP));
  const below = box.top + box.height + GAP;
  if (below + panel.height + GAP <= view.height) return { left, top: below };
  const above = box.top - GAP - panel.height;
  return above >= GAP ? { left, top: above } : null;
}

/** Keeps a dialog beside an element while the page scrolls and changes; returns what ends it. */
export function placeBeside(dialog: HTMLElement, element: Element | null): () => void {
  const place = () => {
    const view = { width: innerWidth, height: innerHeight };
    const panel = { width: dialog.offsetWidth, height: dialog.offsetHeight };
    const at = element && besideBox(element.getBoundingClientRect(), panel, view);
    dialog.dataset.place = at ? "beside" : "middle";
    dialog.style.setProperty("--x", `${at?.left ?? 0}px`);
    dialog.style.setProperty("--y", `${at?.top ?? 0}px`);
  };
  const observer = new ResizeObserver(place);
  observer.observe(dialog);
  addEventListener("scroll", place, { passive: true, capture: true });
  addEventListener("resize", place);
  place();
  return () => {
    observer.disconnect();
    removeEventListener("scroll", place, { capture: true });
    removeEventListener("resize", place);
  };
}
