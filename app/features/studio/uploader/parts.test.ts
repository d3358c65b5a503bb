import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { retryDelayMs } from "./backoff.ts";
import { missingParts, rangeOf, receivedBytes } from "./parts.ts";
import { speedMeter, timeLeftS } from "./speed-meter.ts";
import { percentOf } from "./upload-state.ts";

describe("parts", () => {
  it("cover the file without gap or overlap, whatever its size", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: 1, max: 700 }), (sizeBytes, partBytes) => {
        const cut = { sizeBytes, partBytes, partCount: Math.ceil(sizeBytes / partBytes) };
        const parts = missingParts(cut, []);
        expect(parts).toHaveLength(cut.partCount);
        let at = 0;
        for (const partNumber of parts) {
          const { start, end } = rangeOf(cut, partNumber);
          expect(start).toBe(at);
          expect(end).toBeGreaterThan(start);
          at = end;
        }
        expect(at).toBe(sizeBytes);
        const received = parts.map((partNumber) => {
          const { start, end } = rangeOf(cut, partNumber);
          return { partNumber, size: end - start };
        });
        expect(receivedBytes(cut, received)).toBe(sizeBytes);
        expect(missingParts(cut, received)).toEqual([]);
      }),
    );
  });

  it("count as missing when they arrived with another size", () => {
    const cut = { sizeBytes: 25, partBytes: 10, partCount: 3 };
    const received = [
      { partNumber: 1, size: 10 },
      { partNumber: 2, size: 9 },
      { partNumber: 3, size: 5 },
    ];
    expect(missingParts(cut, received)).toEqual([2]);
    expect(receivedBytes(cut, received)).toBe(15);
  });
});

describe("back-off", () => {
  it("doubles up to half a minute and leaves out at most half", () => {
    expect([1, 2, 3, 6, 20].map((attempt) => retryDelayMs(attempt, 0))).toEqual([500, 1_000, 2_000, 15_000, 15_000]);
    expect(retryDelayMs(20, 0.999)).toBeLessThanOrEqual(30_000);
  });
});

describe("speed", () => {
  it("says nothing before half a second, then follows a change within seconds", () => {
    const meter = speedMeter();
    meter.add(100, 0);
    expect(meter.bytesPerSecond()).toBeNull();
    meter.add(900, 1_000);
    expect(meter.bytesPerSecond()).toBe(1_000);
    for (let second = 2; second <= 20; second++) meter.add(4_000, second * 1_000);
    expect(meter.bytesPerSecond()).toBeGreaterThan(3_800);
    expect(meter.bytesPerSecond()).toBeLessThan(4_000);
  });

  it("gives the time left in whole seconds, and none while nothing moves", () => {
    expect(timeLeftS(10_001, 1_000)).toBe(11);
    expect(timeLeftS(10_000, null)).toBeNull();
    expect(timeLeftS(10_000, 0)).toBeNull();
  });

  it("reaches 100 percent only with the last byte", () => {
    expect(percentOf({ sentBytes: 999_999, sizeBytes: 1_000_000 })).toBe(99);
    expect(percentOf({ sentBytes: 0, sizeBytes: 0 })).toBe(0);
  });
});
