/** A function of the page by its name, which may have dots. Only what was put there counts, nothing inherited. */
export function findFunction(name: string): unknown {
  let holder: unknown = globalThis;
  for (const part of name.split(".")) {
    if (typeof holder !== "object" && typeof holder !== "function") return undefined;
    if (holder === null || !Object.hasOwn(holder, part)) return undefined;
    holder = Reflect.get(holder, part);
  }
  return holder;
}
