import { retryDelayMs } from "./backoff.ts";
import { RefusedError, type Surroundings, UnreachableError } from "./transport.ts";

const ATTEMPTS_MAX = 8;

/** The bucket answered a part with a status that is no success. */
export class PartRefusedError extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`the bucket answered ${status}`);
    this.name = "PartRefusedError";
    this.status = status;
  }
}

/** The file can no longer be read: it was changed, moved or deleted after it was chosen. */
export class FileGoneError extends Error {
  constructor(cause: unknown) {
    super("the file cannot be read any more", { cause });
    this.name = "FileGoneError";
  }
}

export type PersistOptions = {
  surroundings: Surroundings;
  signal: AbortSignal;
  /** Told when the network goes and when it is back. */
  onOffline(offline: boolean): void;
};

/**
 * Does something over the network until it succeeds: waits while offline, backs off while the other side is unwell, and gives up after
 * eight attempts or at once when the answer is final. Time offline counts as no attempt.
 */
export async function persist<T>(work: () => Promise<T>, options: PersistOptions): Promise<T> {
  const { surroundings, signal, onOffline } = options;
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      if (!isPassing(error)) throw error;
      if (error instanceof UnreachableError && !surroundings.online()) {
        onOffline(true);
        await surroundings.untilOnline(signal).finally(() => onOffline(false));
        attempt = 0;
        continue;
      }
      if (attempt >= ATTEMPTS_MAX) throw error;
      const askedMs = error instanceof RefusedError ? (error.retryAfterS ?? 0) * 1_000 : 0;
      // An expired address needs a new one, not patience
      const expired = error instanceof PartRefusedError && error.status === 403 && attempt === 1;
      if (!expired) await surroundings.wait(Math.max(askedMs, retryDelayMs(attempt, surroundings.random())), signal);
    }
  }
}

function isPassing(error: unknown): boolean {
  if (error instanceof UnreachableError) return true;
  if (error instanceof RefusedError) return error.passing;
  // 403: the address expired. 404 means that the bucket has forgotten the whole upload; other 4xx are not cured by repeating
  if (error instanceof PartRefusedError) return error.status === 403 || error.status >= 500 || error.status === 429;
  return false;
}
