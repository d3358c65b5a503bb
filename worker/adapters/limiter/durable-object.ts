import type { RateLimiter } from "#objects/rate-limiter/RateLimiter.ts";
import { houseErrors } from "../../kernel/errors.ts";
import type { Limiter } from "../../ports/limiter.ts";

/**
 * Counts in one RateLimiter object per subject. When the object cannot be asked, the answer is `house.unavailable`: a limit that cannot be
 * checked is not lifted.
 */
export function makeObjectLimiter(namespace: DurableObjectNamespace<RateLimiter>): Limiter {
  return {
    take: (subject, { name, max, windowS }) =>
      asking(async () => await namespace.getByName(subject).take({ v: 1, limit: { name, max, windowS } })),
    giveBack: (subject, { name, max, windowS }) =>
      asking(async () => await namespace.getByName(subject).giveBack({ v: 1, limit: { name, max, windowS } })),
  };
}

/** Asks once more, through a new stub, when the platform says that this helps and the object is not already overloaded. */
async function asking<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!hasFlag(error, "retryable") || hasFlag(error, "overloaded")) throw houseErrors.unavailable({ cause: error });
  }
  try {
    return await call();
  } catch (error) {
    throw houseErrors.unavailable({ cause: error });
  }
}

/** Flags that the platform puts on errors of stubs (Durable Objects → Error handling). */
function hasFlag(error: unknown, flag: "retryable" | "overloaded"): boolean {
  return error instanceof Error && flag in error && (error as unknown as Record<string, unknown>)[flag] === true;
}
