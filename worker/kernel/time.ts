export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

export type Clock = () => Date;

/** The wall clock. Everything outside the kernel gets its time from `ctx.now()`. */
export const systemClock: Clock = () => new Date();

export function addMs(instant: Date, milliseconds: number): Date {
  return new Date(instant.getTime() + milliseconds);
}

/** An instant from milliseconds since 1970. */
export function instantOf(milliseconds: number): Date {
  return new Date(milliseconds);
}

/** Whole seconds from `now` until `until`, rounded up, never less than `least`. */
export function secondsUntil(until: Date, now: Date, least = 0): number {
  return Math.max(least, Math.ceil((until.getTime() - now.getTime()) / SECOND_MS));
}
