import fc from "fast-check";
import { expect, it } from "vitest";
import { giveBack, take, type Window } from "./limiter.ts";

const limitOf = fc.record({
  name: fc.constant("sign_in"),
  max: fc.integer({ min: 1, max: 20 }),
  windowS: fc.integer({ min: 1, max: 900 }),
});
const hits = fc.array(fc.nat(120_000), { minLength: 1, maxLength: 200 });

it("lets at most max through in the windowS that follow the first", () => {
  fc.assert(
    fc.property(limitOf, hits, (limit, gaps) => {
      let window: Window | null = null;
      let now = 1_700_000_000_000;
      const passed = new Map<number, number>();
      for (const gap of gaps) {
        now += gap;
        const answer = take(window, limit, now);
        window = answer.window;
        expect(now).toBeGreaterThanOrEqual(window.startedAt);
        expect(now).toBeLessThan(window.startedAt + limit.windowS * 1000);
        if (answer.decision.ok) passed.set(window.startedAt, (passed.get(window.startedAt) ?? 0) + 1);
        else expect(passed.get(window.startedAt)).toBe(limit.max);
      }
      for (const count of passed.values()) expect(count).toBeLessThanOrEqual(limit.max);
    }),
  );
});

it("says how long to wait, exactly: a second too early is refused, in time is let through", () => {
  fc.assert(
    fc.property(limitOf, fc.nat(900_000), (limit, later) => {
      const start = 1_700_000_000_000;
      let window: Window | null = null;
      for (let i = 0; i < limit.max; i++) window = take(window, limit, start).window;
      const now = start + (later % (limit.windowS * 1000));
      const { decision } = take(window, limit, now);
      expect(decision.ok).toBe(false);
      if (decision.ok) return;
      expect(decision.retryAfterS).toBeGreaterThanOrEqual(1);
      expect(decision.retryAfterS).toBeLessThanOrEqual(limit.windowS);
      expect(take(window, limit, now + decision.retryAfterS * 1000).decision.ok).toBe(true);
      const tooEarly = now + (decision.retryAfterS - 1) * 1000;
      expect(take(window, limit, tooEarly).decision.ok).toBe(tooEarly >= start + limit.windowS * 1000);
    }),
  );
});

it("counts takes less give-backs, never below nothing", () => {
  fc.assert(
    fc.property(limitOf, fc.array(fc.boolean(), { maxLength: 100 }), (limit, steps) => {
      const now = 1_700_000_000_000;
      let window: Window | null = null;
      let held = 0;
      for (const taking of steps) {
        if (taking) {
          const answer = take(window, limit, now);
          window = answer.window;
          expect(answer.decision).toEqual(
            held < limit.max
              ? { ok: true, remaining: limit.max - held - 1 }
              : { ok: false, retryAfterS: limit.windowS },
          );
          held = Math.min(limit.max, held + 1);
        } else {
          window = giveBack(window, now);
          held = Math.max(0, held - 1);
        }
        expect(window?.count ?? 0).toBe(held);
      }
    }),
  );
});

it("gives nothing back into a window that is over", () => {
  const limit = { name: "x", max: 1, windowS: 10 };
  const { window } = take(null, limit, 0);
  expect(giveBack(window, 10_000)).toBeNull();
  expect(take(window, limit, 10_000).decision).toEqual({ ok: true, remaining: 0 });
});

it("follows a lowered limit at once", () => {
  let window: Window | null = null;
  for (let i = 0; i < 5; i++) window = take(window, { name: "x", max: 10, windowS: 60 }, 0).window;
  expect(take(window, { name: "x", max: 3, windowS: 60 }, 1_000).decision).toEqual({ ok: false, retryAfterS: 59 });
});
