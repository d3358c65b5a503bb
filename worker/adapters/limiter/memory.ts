import { giveBack, take, type Window } from "#objects/rate-limiter/limiter.ts";
import type { Clock } from "../../kernel/time.ts";
import type { Limiter } from "../../ports/limiter.ts";

/** The rate limiter's machine on a map, for tests of verbs. */
export function makeMemoryLimiter(clock: Clock): Limiter {
  const windows = new Map<string, Window>();
  return {
    take: async (subject, limit) => {
      const key = `${limit.name} ${subject}`;
      const { window, decision } = take(windows.get(key) ?? null, limit, clock().getTime());
      windows.set(key, window);
      return decision;
    },
    giveBack: async (subject, limit) => {
      const key = `${limit.name} ${subject}`;
      const window = giveBack(windows.get(key) ?? null, clock().getTime());
      if (window) windows.set(key, window);
      else windows.delete(key);
    },
  };
}
