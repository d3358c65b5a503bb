/** A refusal of the API (RFC 9457), as far as the browser needs it: the sentence is in the reader's language. */
export type Refusal = { status: number; code: string; message: string; facts: Readonly<Record<string, unknown>> };

/** The API said no. */
export class RefusedError extends Error {
  readonly refusal: Refusal;
  /** Seconds that the API asks to wait (`Retry-After`). */
  readonly retryAfterS: number | null;
  constructor(refusal: Refusal, retryAfterS: number | null = null) {
    super(refusal.message);
    this.name = "RefusedError";
    this.refusal = refusal;
    this.retryAfterS = retryAfterS;
  }
  /** Whether the same call may succeed later without anybody changing anything. */
  get passing(): boolean {
    return this.refusal.status >= 500 || this.refusal.status === 429 || this.refusal.status === 408;
  }
}

/** No answer came at all. */
export class UnreachableError extends Error {
  constructor(cause?: unknown) {
    super("no answer", { cause });
    this.name = "UnreachableError";
  }
}

/** What the uploader needs of the outside; the browser's is {@link file://./browser-transport.ts}. */
export interface Transport {
  /** A JSON call to the API. Throws {@link RefusedError} or {@link UnreachableError}, or the signal's reason. */
  call<T>(method: "GET" | "POST" | "DELETE", path: string, body: unknown, signal: AbortSignal): Promise<T>;
  /** Sends bytes straight to the bucket and answers with its status. Throws {@link UnreachableError} or the signal's reason. */
  put(url: string, bytes: Blob, options: { signal: AbortSignal; onProgress(sentBytes: number): void }): Promise<number>;
}

/** Time, chance and network, so that tests own them. */
export interface Surroundings {
  /** Milliseconds; only differences count. */
  nowMs(): number;
  /** From [0, 1). */
  random(): number;
  /** Resolves after the time, rejects with the signal's reason. */
  wait(delayMs: number, signal: AbortSignal): Promise<void>;
  online(): boolean;
  /** Resolves when the network is back, rejects with the signal's reason. */
  untilOnline(signal: AbortSignal): Promise<void>;
}
