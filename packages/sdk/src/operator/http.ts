import { isJsonObject, type JsonObject } from "@sluice/protocol";
import { retryAfterMs } from "../retry-after.ts";
import { DEFAULT_RETRY, type RetryPolicy, retryDelayMs } from "./retry-policy.ts";
import { SluiceError } from "./sluice-error.ts";

/** One attempt that takes longer is given up, ms. */
const ATTEMPT_TIMEOUT_MS = 30_000;

/** How calls reach the service. */
export interface HttpOptions {
  /** Base address of the service, `https://…`. */
  readonly url: string;
  /** Bearer of every call; none for calls that carry their token in the body. */
  readonly key?: string;
  readonly fetch?: typeof fetch;
  readonly retry?: Partial<RetryPolicy>;
}

/** One call. */
export interface Call {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Path and query, with every part of it encoded. */
  readonly path: string;
  /** JSON text. */
  readonly body?: string;
  /** Doing it twice does no more than doing it once. */
  readonly repeatable: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Calls the service, and again where that is safe and promises something. */
export class HttpCaller {
  readonly retry: RetryPolicy;
  readonly #base: string;
  readonly #key: string | undefined;
  readonly #fetch: typeof fetch;

  constructor({ url, key, fetch = globalThis.fetch, retry }: HttpOptions) {
    this.#base = new URL(url).href.replace(/\/+$/, "");
    this.#key = key;
    this.#fetch = fetch;
    this.retry = { ...DEFAULT_RETRY, ...retry };
  }

  /**
   * Answers the JSON object of the response, or an empty one where it has no body. Throws
   * {@link SluiceError}, and the signal's reason when it aborts.
   */
  async call(call: Call): Promise<JsonObject> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#attempt(call);
      } catch (error) {
        call.signal?.throwIfAborted();
        if (!(error instanceof SluiceError)) throw error;
        const delayMs = retryDelayMs(error, call.repeatable, attempt, Math.random(), this.retry);
        if (delayMs === null) throw error;
        await sleep(delayMs, call.signal);
      }
    }
  }

  async #attempt(call: Call): Promise<JsonObject> {
    const response = await this.#send(call);
    const text = await response.text().catch((cause: unknown) => {
      throw failureOf(cause);
    });
    if (!response.ok) throw problemOf(response, text);
    if (text === "") return {};
    const value = jsonOf(text);
    if (!isJsonObject(value)) throw unexpected(response);
    return value;
  }

  async #send({ method, path, body, signal }: Call): Promise<Response> {
    const timeout = AbortSignal.timeout(ATTEMPT_TIMEOUT_MS);
    const headers: Record<string, string> = { accept: "application/json" };
    if (this.#key !== undefined) headers.authorization = `Bearer ${this.#key}`;
    if (body !== undefined) headers["content-type"] = "application/json";
    // Called apart from this object: browsers refuse a fetch that is called as a method.
    const send = this.#fetch;
    try {
      return await send(this.#base + path, {
        method,
        headers,
        // A redirect would carry the key to wherever it points.
        redirect: "error",
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
        ...(body !== undefined && { body }),
      });
    } catch (cause) {
      throw failureOf(cause);
    }
  }
}

/** No answer, or half of one: whether the call was carried out cannot be known. */
function failureOf(cause: unknown): SluiceError {
  return cause instanceof DOMException && cause.name === "TimeoutError"
    ? new SluiceError("timeout", "the service did not answer in time", { cause })
    : new SluiceError("network", "the service could not be reached", { cause });
}

/** The error of an `application/problem+json` answer (RFC 9457), or of whatever came instead. */
function problemOf(response: Response, text: string): SluiceError {
  const problem = jsonOf(text);
  const { code, detail, requestId } = isJsonObject(problem) ? problem : {};
  return new SluiceError(
    typeof code === "string" ? code : "unexpected_answer",
    typeof detail === "string" ? detail : `the service answered ${response.status}`,
    {
      status: response.status,
      requestId: typeof requestId === "string" ? requestId : null,
      retryAfterMs: retryAfterMs(response.headers.get("retry-after"), Date.now()),
    },
  );
}

/** A success that is not what was asked for: a proxy's page, or a service of another version. */
function unexpected(response: Response): SluiceError {
  return new SluiceError("unexpected_answer", "the answer is not what the call promises", {
    status: response.status,
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", abort);
      resolve();
    }, ms);
    signal?.addEventListener("abort", abort, { once: true });
  });
}
