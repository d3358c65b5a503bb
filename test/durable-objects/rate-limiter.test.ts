import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { RateLimiter } from "#objects/rate-limiter/RateLimiter.ts";
import { alarmAt } from "#objects/shared/alarms.ts";
import { makeObjectLimiter } from "#worker/adapters/limiter/durable-object.ts";

const { RATE_LIMITER } = env as unknown as { RATE_LIMITER: DurableObjectNamespace<RateLimiter> };
const limiter = makeObjectLimiter(RATE_LIMITER);
const LIMIT = { name: "test", max: 5, windowS: 60 };
/** Ahead of the platform's own clock, which sets real alarms off: here only the test does. */
const START = Math.ceil(Date.now() / 1000) * 1000 + 24 * 60 * 60 * 1000;

let subject = "";
let objects = 0;
beforeEach(() => {
  subject = `subject-${++objects}`;
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime(START);
});
afterEach(() => void vi.useRealTimers());

const stub = () => RATE_LIMITER.getByName(subject);
const countWindows = () =>
  runInDurableObject(stub(), (_, { storage }) => storage.sql.exec("select * from windows").toArray().length);

it("lets exactly max of a burst through and tells the others how long to wait", async () => {
  const decisions = await Promise.all(Array.from({ length: 50 }, () => limiter.take(subject, LIMIT)));
  expect(decisions.filter(({ ok }) => ok)).toHaveLength(5);
  expect(decisions.filter(({ ok }) => !ok)).toEqual(Array.from({ length: 45 }, () => ({ ok: false, retryAfterS: 60 })));
});

it("counts each subject and each limit on its own", async () => {
  for (let i = 0; i < 5; i++) await limiter.take(subject, LIMIT);
  expect((await limiter.take(subject, LIMIT)).ok).toBe(false);
  expect((await limiter.take(subject, { ...LIMIT, name: "other" })).ok).toBe(true);
  expect((await limiter.take(`${subject}-neighbour`, LIMIT)).ok).toBe(true);
});

it("takes one back that turned out not to count", async () => {
  for (let i = 0; i < 5; i++) await limiter.take(subject, LIMIT);
  await limiter.giveBack(subject, LIMIT);
  expect(await limiter.take(subject, LIMIT)).toEqual({ ok: true, remaining: 0 });
  expect((await limiter.take(subject, LIMIT)).ok).toBe(false);
});

it("opens a new window when the first is over", async () => {
  for (let i = 0; i < 5; i++) await limiter.take(subject, LIMIT);
  vi.setSystemTime(START + 59_999);
  expect(await limiter.take(subject, LIMIT)).toEqual({ ok: false, retryAfterS: 1 });
  vi.setSystemTime(START + 60_000);
  expect(await limiter.take(subject, LIMIT)).toEqual({ ok: true, remaining: 4 });
});

it("remembers over the loss of its isolate", async () => {
  for (let i = 0; i < 5; i++) await limiter.take(subject, LIMIT);
  await runInDurableObject(stub(), (_, state) => {
    state.abort("evicted by the test");
  }).catch(() => {});
  expect(await limiter.take(subject, LIMIT)).toEqual({ ok: false, retryAfterS: 60 });
});

it("sweeps windows that are over, and sleeps until the next one is", async () => {
  await limiter.take(subject, LIMIT);
  await limiter.take(subject, { name: "long", max: 1, windowS: 600 });
  const nextSweep = () => runInDurableObject(stub(), (_, { storage }) => alarmAt(storage, "sweep")?.getTime());
  expect(await nextSweep()).toBe(START + 60_000);
  vi.setSystemTime(START + 60_000);
  expect(await runDurableObjectAlarm(stub())).toBe(true);
  expect(await countWindows()).toBe(1);
  expect(await nextSweep()).toBe(START + 600_000);
  vi.setSystemTime(START + 600_000);
  expect(await runDurableObjectAlarm(stub())).toBe(true);
  expect(await countWindows()).toBe(0);
  expect(await runDurableObjectAlarm(stub())).toBe(false);
});

it("refuses a limit that makes no sense instead of counting by it", async () => {
  await expect(limiter.take(subject, { name: "test", max: 0, windowS: 60 })).rejects.toMatchObject({
    code: "house.unavailable",
  });
  expect(await countWindows()).toBe(0);
});
