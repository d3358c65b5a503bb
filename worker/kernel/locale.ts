export const LOCALES = ["ja", "en"] as const;
export type Locale = (typeof LOCALES)[number];
export const DEFAULT_LOCALE: Locale = "ja";

/** A text in every language of the house. */
export type Words = Readonly<Record<Locale, string>>;

export function isLocale(value: unknown): value is Locale {
  return LOCALES.includes(value as Locale);
}

/**
 * The language to answer in: the reader's own choice (cookie `hiroba_locale`) before `Accept-Language` (RFC 9110 §12.5.4) before Japanese.
 */
export function localeOf(headers: Headers): Locale {
  const chosen = cookieOf(headers, "hiroba_locale");
  if (isLocale(chosen)) return chosen;
  let best: { locale: Locale; quality: number } | undefined;
  for (const part of (headers.get("accept-language") ?? "").split(",").slice(0, 20)) {
    const [tag = "", ...parameters] = part.trim().split(";");
    const locale = tag.trim().toLowerCase().split("-")[0];
    if (!isLocale(locale)) continue;
    const weight = parameters.map((p) => /^\s*q=([01](?:\.\d{0,3})?)\s*$/.exec(p)?.[1]).find(Boolean);
    const quality = weight === undefined ? 1 : Number(weight);
    if (quality > 0 && (!best || quality > best.quality)) best = { locale, quality };
  }
  return best?.locale ?? DEFAULT_LOCALE;
}

/** The value of a cookie of the request, decoded; undefined when absent. */
export function cookieOf(headers: Headers, name: string): string | undefined {
  for (const pair of (headers.get("cookie") ?? "").split(";")) {
    const at = pair.indexOf("=");
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}
