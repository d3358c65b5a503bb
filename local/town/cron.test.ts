import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { isDue, startCronClock } from "./cron.ts";

// 2026-11-22 is a Sunday.
const at = (text: string) => new Date(`2026-11-${text}:00Z`);

describe("isDue", () => {
  test.each([
    ["* * * * *", "22T10:17", true],
    ["*/5 * * * *", "22T10:15", true],
    ["*/5 * * * *", "22T10:17", false],
    ["2/10 * * * *", "22T10:32", true],
    ["0 18 * * *", "22T18:00", true],
    ["0 18 * * *", "22T18:01", false],
    ["0 9-17 * * *", "22T17:00", true],
    ["0 9-17/4 * * *", "22T13:00", true],
    ["0 9-17/4 * * *", "22T14:00", false],
    ["0,30 0 * * *", "22T00:30", true],
    ["0 0 * * 1", "22T00:00", true],
    ["0 0 * * SUN", "22T00:00", true],
    ["0 0 * * MON-FRI", "22T00:00", false],
    ["0 0 * * mon-fri", "23T00:00", true],
    ["0 0 * nov *", "22T00:00", true],
    ["0 0 * 10 *", "22T00:00", false],
    ["0 0 1 * SUN", "22T00:00", true],
    ["0 0 1 * SUN", "23T00:00", false],
  ])("%s at %s: %s", (cron, time, due) => {
    expect(isDue(cron, at(time))).toBe(due);
  });

  test.each(["* * * *", "60 * * * *", "* * * * 0", "* * L * *", "*/0 * * * *", "a * * * *"])(
    "cannot read %s",
    (cron) => {
      expect(() => isDue(cron, at("22T00:00"))).toThrow();
    },
  );
});

describe("startCronClock", () => {
  beforeEach(() => void vi.useFakeTimers({ now: at("22T10:13").getTime() + 40_000 }));
  afterEach(() => void vi.useRealTimers());

  test("fires what is due, on the minute, and reports failures", async () => {
    const fired: string[] = [];
    const reports: string[] = [];
    const clock = startCronClock(
      ["* * * * *", "*/5 * * * *"],
      async (cron, time) => {
        fired.push(`${cron} ${time.toISOString().slice(11, 16)}`);
        if (cron.startsWith("*/5")) throw new Error("no");
      },
      (message) => reports.push(message),
    );
    await vi.advanceTimersByTimeAsync(80_000);
    expect(fired).toEqual(["* * * * * 10:14", "* * * * * 10:15", "*/5 * * * * 10:15"]);
    expect(reports).toEqual(['cron "*/5 * * * *" failed: Error: no']);
    clock.stop();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(fired).toHaveLength(3);
  });

  test("does not start a run while the one before goes on", async () => {
    let started = 0;
    const clock = startCronClock(
      ["* * * * *"],
      () => new Promise(() => void (started += 1)),
      () => {},
    );
    await vi.advanceTimersByTimeAsync(300_000);
    expect(started).toBe(1);
    clock.stop();
  });
});
