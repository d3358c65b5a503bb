import { SECOND_MS } from "#worker/kernel/time.ts";
import type { TakeDecision } from "./protocol.ts";

/** So many in so long. */
export type Limit = { readonly name: string; readonly max: number; readonly windowS: number };
/** A window opens with its first hit. `endsAt` in milliseconds since 1970. */
export type Window = { readonly startedAt: number; readonly endsAt: number; readonly count: number };

/**
 * Counts one more, or refuses. Within one window at most `max` are let through; the window starts with the first of them and is over
 * `windowS` later, whatever was refused in between. `retryAfterS` is the whole seconds (at least one) until it is over.
 */
export function take(window: Window | null, limit: Limit, now: number): { window: Window; decision: TakeDecision } {
  const windowMs = limit.windowS * SECOND_MS;
  const open = openWindow(window, now) ?? { startedAt: now, endsAt: now + windowMs, count: 0 };
  if (open.count >= limit.max) {
    const waitS = Math.ceil((open.endsAt - now) / SECOND_MS);
    return { window: open, decision: { ok: false, retryAfterS: Math.max(1, Math.min(waitS, limit.windowS)) } };
  }
  const counted = { ...open, count: open.count + 1 };
  return { window: counted, decision: { ok: true, remaining: limit.max - counted.count } };
}

/** Takes one back that turned out not to count. A window that is over stays over; one that holds nothing is forgotten (null). */
export function giveBack(window: Window | null, now: number): Window | null {
  const open = openWindow(window, now);
  return open && open.count > 1 ? { ...open, count: open.count - 1 } : null;
}

function openWindow(window: Window | null, now: number): Window | null {
  return window && now < window.endsAt ? window : null;
}
