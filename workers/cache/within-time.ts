/** What `work` yields, or `late` when it has not settled after `ms`. The work itself goes on. */
export async function withinTime<Value>(work: Promise<Value>, ms: number): Promise<Value | "late"> {
  const { promise: late, resolve } = Promise.withResolvers<"late">();
  const timer = setTimeout(() => resolve("late"), ms);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
