import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CURRENCY_DECIMALS, money } from "#worker/kernel/money.ts";
import {
  DECIMALS,
  formatAgo,
  formatBytes,
  formatDate,
  formatDateTime,
  formatDuration,
  formatMoney,
  formatPercent,
  formatPrice,
  formatWait,
  spokenDuration,
} from "./format.ts";

const AT = new Date("2026-07-31T01:00:00Z");
const after = (ms: number) => new Date(AT.getTime() + ms);

describe("dates", () => {
  it("are written on Japan's calendar and clock", () => {
    expect(formatDateTime(AT, "ja")).toBe("2026年7月31日(金) 10:00");
    expect(formatDateTime(AT, "en")).toBe("Fri, Jul 31, 2026, 10:00 JST");
    expect(formatDate(new Date("2026-07-31T15:00:00Z"), "ja")).toBe("2026年8月1日(土)");
  });

  it("write midnight as 00:00", () => {
    expect(formatDateTime(new Date("2026-07-31T15:00:00Z"), "ja")).toBe("2026年8月1日(土) 00:00");
  });

  it.each([
    [30_000, "たった今", "just now"],
    [60_000, "1分前", "1 minute ago"],
    [59 * 60_000, "59分前", "59 minutes ago"],
    [3_600_000, "1時間前", "1 hour ago"],
    [6 * 86_400_000, "6日前", "6 days ago"],
    [7 * 86_400_000, "2026年7月31日(金)", "Fri, Jul 31, 2026"],
  ])("%i ms later read as %s", (ms, ja, en) => {
    expect(formatAgo(AT, after(ms), "ja")).toBe(ja);
    expect(formatAgo(AT, after(ms), "en")).toBe(en);
  });

  it("write what is still to come as its day", () => {
    expect(formatAgo(AT, after(-3_600_000), "ja")).toBe("2026年7月31日(金)");
  });
});

describe("durations", () => {
  it.each([
    [0, "0:00", "0秒", "0 seconds"],
    [4_400, "0:04", "4秒", "4 seconds"],
    [245_000, "4:05", "4分5秒", "4 minutes 5 seconds"],
    [3_723_000, "1:02:03", "1時間2分3秒", "1 hour 2 minutes 3 seconds"],
    [3_599_700, "1:00:00", "1時間", "1 hour"],
  ])("of %i ms", (ms, shown, ja, en) => {
    expect(formatDuration(ms)).toBe(shown);
    expect(spokenDuration(ms, "ja")).toBe(ja);
    expect(spokenDuration(ms, "en")).toBe(en);
  });

  it("of a wait are rounded up", () => {
    expect(formatWait(40, "ja")).toBe("40秒");
    expect(formatWait(61, "ja")).toBe("2分");
    expect(formatWait(900, "en")).toBe("15 minutes");
    expect(formatWait(7_000, "en")).toBe("2 hours");
  });
});

describe("money", () => {
  it("has as many decimals as the kernel says", () => {
    expect(DECIMALS).toEqual(CURRENCY_DECIMALS);
  });

  it("is written with its symbol, separators and tax", () => {
    expect(formatPrice(money(1_980, "JPY"), "ja")).toBe("¥1,980（税込）");
    expect(formatPrice(money(980, "JPY"), "en")).toBe("¥980 (tax included)");
    expect(formatMoney(money(5, "USD"), "en")).toBe("$0.05");
    expect(formatMoney(money(-123_456, "USD"), "en")).toBe("-$1,234.56");
  });

  it("keeps every minor unit", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }),
        fc.constantFrom("JPY", "USD"),
        (amount, currency) => {
          const digits = formatMoney(money(amount, currency), "en").replace(/[^\d]/g, "");
          expect(Number(digits)).toBe(Math.abs(amount));
        },
      ),
    );
  });
});

describe("sizes and shares", () => {
  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [812_000, "812 KB"],
    [1_400_000_000, "1.4 GB"],
    [250_000_000, "250 MB"],
  ])("%i bytes", (bytes, shown) => {
    expect(formatBytes(bytes, "en")).toBe(shown);
  });

  it("never leave 0–100 %", () => {
    expect([-3, 41.6, 180].map(formatPercent)).toEqual(["0%", "42%", "100%"]);
  });
});
