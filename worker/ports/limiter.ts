/** So many in so long, counted from the first. */
export type Limit = { readonly name: string; readonly max: number; readonly windowS: number };
export type LimitDecision = { ok: true; remaining: number } | { ok: false; retryAfterS: number };

/** Counts what a subject does. Exact under concurrency: of a burst, at most `max` get `ok`. */
export interface Limiter {
  take(subject: string, limit: Limit): Promise<LimitDecision>;
  /** Returns one that turned out not to count (a sign-in that succeeded). */
  giveBack(subject: string, limit: Limit): Promise<void>;
}
