import fc from "fast-check";
import { expect, it } from "vitest";
import { addMs, DAY_MS, HOUR_MS, instantOf, MINUTE_MS } from "../../kernel/time.ts";
import { idleAfterUse, isLive, isUsable, renewedIdle, sessionTimes } from "./rules.ts";

const START = instantOf(Date.UTC(2026, 3, 1));
const cookie = { kind: "cookie" as const, ...sessionTimes("cookie", START), revokedAt: null };
const bearer = { kind: "bearer" as const, ...sessionTimes("bearer", START), revokedAt: null };

it("ends a browser's session after a week without use, to the millisecond", () => {
  expect(isLive(cookie, addMs(START, 7 * DAY_MS - 1))).toBe(true);
  expect(isLive(cookie, addMs(START, 7 * DAY_MS))).toBe(false);
});

it("ends a browser's session after 30 days however much it is used", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 6 * DAY_MS }), { minLength: 1, maxLength: 60 }), (gaps) => {
      let session = cookie;
      let now = START;
      for (const gap of gaps) {
        now = addMs(now, gap);
        if (now.getTime() - START.getTime() >= 30 * DAY_MS) {
          expect(isLive(session, now)).toBe(false);
          continue;
        }
        // Not moving it for small gaps costs at most those five minutes of a week
        expect(isLive(session, now)).toBe(true);
        const idleUntil = idleAfterUse(session, now);
        if (idleUntil) {
          expect(idleUntil > session.idleUntil && idleUntil <= session.absoluteUntil).toBe(true);
          session = { ...session, idleUntil };
        }
      }
    }),
  );
});

it("writes the idle end of a busy session every five minutes, not at every request", () => {
  expect(idleAfterUse(cookie, addMs(START, 5 * MINUTE_MS - 1))).toBeNull();
  expect(idleAfterUse(cookie, addMs(START, 5 * MINUTE_MS))).toEqual(addMs(START, 7 * DAY_MS + 5 * MINUTE_MS));
});

it("lets an access token live 15 minutes, used or not", () => {
  expect(isLive(bearer, addMs(START, 15 * MINUTE_MS - 1))).toBe(true);
  expect(isLive(bearer, addMs(START, 15 * MINUTE_MS))).toBe(false);
  expect(idleAfterUse(bearer, addMs(START, 14 * MINUTE_MS))).toBeNull();
});

it("never renews an access token past the 60 days of its session", () => {
  const late = addMs(START, 60 * DAY_MS - MINUTE_MS);
  expect(renewedIdle(bearer.absoluteUntil, late)).toEqual(addMs(START, 60 * DAY_MS));
  expect(renewedIdle(bearer.absoluteUntil, START)).toEqual(addMs(START, 15 * MINUTE_MS));
});

it("ends a revoked session at once", () => {
  expect(isLive({ ...cookie, revokedAt: START }, START)).toBe(false);
});

it("lets a one-time token be used once, until it expires", () => {
  const token = { expiresAt: addMs(START, HOUR_MS), usedAt: null };
  expect(isUsable(token, addMs(START, HOUR_MS - 1))).toBe(true);
  expect(isUsable(token, addMs(START, HOUR_MS))).toBe(false);
  expect(isUsable({ ...token, usedAt: START }, START)).toBe(false);
});
