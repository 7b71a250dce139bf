/** How often each binding was called, by its name. */
export type CallCounts = Record<string, number>;

/**
 * The same bindings, each call of them counted, also the making of an object's stub. What is no object (a
 * secret) stays as it is.
 */
export function countCalls<Bindings extends object>(
  bindings: Bindings,
): { readonly wrapped: Bindings; readonly calls: CallCounts } {
  const calls: CallCounts = {};
  const entries = Object.entries(bindings).map(([name, binding]: [string, unknown]) => {
    if (typeof binding !== "object" || binding === null) return [name, binding];
    calls[name] = 0;
    return [name, counting(binding, () => (calls[name] = (calls[name] ?? 0) + 1))];
  });
  return { wrapped: Object.fromEntries(entries) as Bindings, calls };
}

function counting<Binding extends object>(binding: Binding, count: () => void): Binding {
  return new Proxy(binding, {
    get(target, property) {
      const member: unknown = Reflect.get(target, property);
      if (typeof member !== "function") return member;
      return (...args: readonly unknown[]) => {
        count();
        return Reflect.apply(member, target, args);
      };
    },
  });
}
