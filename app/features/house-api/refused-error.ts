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
