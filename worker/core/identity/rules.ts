import { addMs, DAY_MS, MINUTE_MS, SECOND_MS } from "../../kernel/time.ts";

/**
 * How long a sign-in lasts. A browser stays signed in for a week without use and 30 days at most: people come here to watch and to learn on
 * their own devices, and an hour's idle time (right for an office's shared screens) would sign them out between two evenings. An API
 * client's access token lives 15 minutes whatever it does, and is renewed for 60 days at most (RFC 9700 §4.14).
 */
const LIFETIMES = {
  cookie: { idleMs: 7 * DAY_MS, absoluteMs: 30 * DAY_MS },
  bearer: { idleMs: 15 * MINUTE_MS, absoluteMs: 60 * DAY_MS },
} as const;
/** `idleUntil` moves at most this often, so that a page with many requests costs one write. */
const TOUCH_EVERY_MS = 5 * MINUTE_MS;
/** How long the link in a verification mail works. */
export const VERIFY_LINK_MS = DAY_MS;
export const ACCESS_TOKEN_S = LIFETIMES.bearer.idleMs / SECOND_MS;

export type SessionKind = keyof typeof LIFETIMES;
export type SessionTimes = { kind: SessionKind; idleUntil: Date; absoluteUntil: Date; revokedAt: Date | null };

/** The ends of a session that begins now. */
export function sessionTimes(kind: SessionKind, now: Date): { idleUntil: Date; absoluteUntil: Date } {
  const { idleMs, absoluteMs } = LIFETIMES[kind];
  return { idleUntil: addMs(now, idleMs), absoluteUntil: addMs(now, absoluteMs) };
}

/** Whether a session still speaks for its person: not revoked, not idle too long, not too old. */
export function isLive({ idleUntil, absoluteUntil, revokedAt }: SessionTimes, now: Date): boolean {
  return revokedAt === null && now < idleUntil && now < absoluteUntil;
}

/** Where this use moves the idle end of a live session; null when it need not be written. Access tokens do not live longer by being used. */
export function idleAfterUse({ kind, idleUntil, absoluteUntil }: SessionTimes, now: Date): Date | null {
  if (kind === "bearer") return null;
  const moved = earlier(addMs(now, LIFETIMES.cookie.idleMs), absoluteUntil);
  return moved.getTime() - idleUntil.getTime() >= TOUCH_EVERY_MS ? moved : null;
}

/** The end of the access token that a refresh gives out; never past the session's own end. */
export function renewedIdle(absoluteUntil: Date, now: Date): Date {
  return earlier(addMs(now, LIFETIMES.bearer.idleMs), absoluteUntil);
}

/** Whether a one-time token may still be used. */
export function isUsable({ expiresAt, usedAt }: { expiresAt: Date; usedAt: Date | null }, now: Date): boolean {
  return usedAt === null && now < expiresAt;
}

function earlier(a: Date, b: Date): Date {
  return a < b ? a : b;
}
