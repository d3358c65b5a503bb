import type { Locale } from "#worker/kernel/locale.ts";
import type { Currency, Money } from "#worker/kernel/money.ts";

/** The zone in which the house writes its times. */
const ZONE = "Asia/Tokyo";
const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** As in the kernel, whose table would bring its schemas into the browser; the test holds the two together. */
export const DECIMALS: Readonly<Record<Currency, number>> = { JPY: 0, USD: 2 };

const NUMBERS: Record<Locale, Intl.NumberFormat> = {
  ja: new Intl.NumberFormat("ja-JP"),
  en: new Intl.NumberFormat("en-US"),
};
const FRACTIONS: Record<Locale, Intl.NumberFormat> = {
  ja: new Intl.NumberFormat("ja-JP", { minimumFractionDigits: 1, maximumFractionDigits: 1 }),
  en: new Intl.NumberFormat("en-US", { minimumFractionDigits: 1, maximumFractionDigits: 1 }),
};
const DATES: Record<Locale, Intl.DateTimeFormat> = {
  ja: dateFormat("ja-JP", "numeric"),
  en: dateFormat("en-US", "short"),
};

function dateFormat(locale: string, month: "numeric" | "short"): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(locale, {
    timeZone: ZONE,
    year: "numeric",
    month,
    day: "numeric",
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
}

/*
 * Formatters give the parts only; the sentence around them is ours, because the literals between parts differ between ICU versions
 * and a page must read the same from the Worker and in the browser.
 */
function partsOf(date: Date, locale: Locale): Record<string, string> {
  return Object.fromEntries(DATES[locale].formatToParts(date).map(({ type, value }) => [type, value]));
}

/** A calendar day in Japan: `2026年7月31日(金)` or `Fri, Jul 31, 2026`. */
export function formatDate(date: Date, locale: Locale): string {
  const { year, month, day, weekday } = partsOf(date, locale);
  return locale === "ja"
    ? `${year}年${month?.replace("月", "")}月${day}日(${weekday})`
    : `${weekday}, ${month} ${day}, ${year}`;
}

/** An instant on Japan's clock: `2026年7月31日(金) 10:00` or `Fri, Jul 31, 2026, 10:00 JST`. */
export function formatDateTime(date: Date, locale: Locale): string {
  const { hour, minute } = partsOf(date, locale);
  return locale === "ja"
    ? `${formatDate(date, locale)} ${hour}:${minute}`
    : `${formatDate(date, locale)}, ${hour}:${minute} JST`;
}

/** How long ago: `3日前`, `3 days ago`. Up to a week; older instants are written as their day. */
export function formatAgo(date: Date, now: Date, locale: Locale): string {
  const agoMs = now.getTime() - date.getTime();
  if (agoMs >= 7 * DAY_MS || agoMs < -MINUTE_MS) return formatDate(date, locale);
  if (agoMs < MINUTE_MS) return locale === "ja" ? "たった今" : "just now";
  const [count, ja, en] =
    agoMs < HOUR_MS
      ? [Math.floor(agoMs / MINUTE_MS), "分", "minute"]
      : agoMs < DAY_MS
        ? [Math.floor(agoMs / HOUR_MS), "時間", "hour"]
        : [Math.floor(agoMs / DAY_MS), "日", "day"];
  return locale === "ja" ? `${count}${ja}前` : `${count} ${en}${count === 1 ? "" : "s"} ago`;
}

/** The length of a film as a clock shows it: `4:05`, `1:02:03`. */
export function formatDuration(durationMs: number): string {
  const { hours, minutes, seconds } = clock(durationMs);
  const two = (n: number) => String(n).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}

/** The length of a film in words, for those who listen: `4分5秒`, `4 minutes 5 seconds`. */
export function spokenDuration(durationMs: number, locale: Locale): string {
  const { hours, minutes, seconds } = clock(durationMs);
  const units = [
    [hours, "時間", "hour"],
    [minutes, "分", "minute"],
    [seconds, "秒", "second"],
  ] as const;
  const said = units.filter(([count], index) => count > 0 || (index === 2 && durationMs < SECOND_MS));
  return locale === "ja"
    ? said.map(([count, ja]) => `${count}${ja}`).join("")
    : said.map(([count, , en]) => `${count} ${en}${count === 1 ? "" : "s"}`).join(" ");
}

/** A wait, rounded up to what people plan with: `40秒`, `3分`, `2時間`. */
export function formatWait(seconds: number, locale: Locale): string {
  const waitMs = Math.max(1, Math.ceil(seconds)) * SECOND_MS;
  if (waitMs < MINUTE_MS) return spokenDuration(waitMs, locale);
  const unitMs = waitMs <= 90 * MINUTE_MS ? MINUTE_MS : HOUR_MS;
  return spokenDuration(Math.ceil(waitMs / unitMs) * unitMs, locale);
}

/** A price without its tax words: `¥1,980`, `$19.80`. */
export function formatMoney({ amount, currency }: Money, locale: Locale): string {
  const decimals = DECIMALS[currency];
  const sign = amount < 0 ? "-" : "";
  const digits = String(Math.abs(amount)).padStart(decimals + 1, "0");
  const whole = NUMBERS[locale].format(Number(decimals ? digits.slice(0, -decimals) : digits));
  const symbol = currency === "JPY" ? "¥" : "$";
  return `${sign}${symbol}${whole}${decimals ? `.${digits.slice(-decimals)}` : ""}`;
}

/** A price with tax in it: `¥1,980（税込）`, `¥1,980 (tax included)`. */
export function formatPrice(money: Money, locale: Locale): string {
  return `${formatMoney(money, locale)}${locale === "ja" ? "（税込）" : " (tax included)"}`;
}

/** A whole number with its separators. */
export function formatCount(count: number, locale: Locale): string {
  return NUMBERS[locale].format(count);
}

/** A file's size in decimal units, as file managers and shops write it: `812 KB`, `1.4 GB`. */
export function formatBytes(bytes: number, locale: Locale): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let size = bytes;
  let unit = 0;
  while (size >= 1_000 && unit < units.length - 1) {
    size /= 1_000;
    unit += 1;
  }
  const precise = unit >= 2 && size < 100;
  return `${precise ? FRACTIONS[locale].format(size) : NUMBERS[locale].format(Math.round(size))} ${units[unit]}`;
}

/** A share of a hundred, whole: `42%`. */
export function formatPercent(percent: number): string {
  return `${Math.round(Math.min(100, Math.max(0, percent)))}%`;
}

function clock(durationMs: number): { hours: number; minutes: number; seconds: number } {
  const total = Math.max(0, Math.round(durationMs / SECOND_MS));
  return { hours: Math.floor(total / 3_600), minutes: Math.floor((total % 3_600) / 60), seconds: total % 60 };
}
