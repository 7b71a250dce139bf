/** Posts to make at one address, as fast as so many at a time allow. */
export interface LoadPlan {
  readonly origin: string;
  readonly path: string;
  readonly contentType: string;
  /** Other headers of every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** ASCII; one request for each, in this order. */
  readonly bodies: readonly string[];
  /** Requests under way at a time, each on a connection of its own that is kept alive. */
  readonly concurrency: number;
  /** What a good answer has in it. */
  readonly expect: string;
}

/** What came of a plan. */
export interface LoadResult {
  readonly perSecond: number;
  /** Answers with what was expected in them. */
  readonly good: number;
  /** The first few others, with their status. */
  readonly others: readonly string[];
  /** From sending a request to its whole answer, of every request. */
  readonly latenciesMs: readonly number[];
}
