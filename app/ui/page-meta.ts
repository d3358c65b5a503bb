import type { MetaDescriptor, MetaFunction } from "@remix-run/react";
import { shellCopy } from "#app/copy/shell.ts";
import type { RootData } from "#app/root-data.ts";
import { DEFAULT_LOCALE, type Locale } from "#worker/kernel/locale.ts";

type Words = { title: string; description?: string | undefined; image?: string | null | undefined };

/** The head of one page: its title, and what other sites show when they link here (ogp.me). */
export function pageMeta(locale: Locale, { title, description, image }: Words): MetaDescriptor[] {
  const { siteName, description: ofHouse } = shellCopy[locale];
  const full = title === siteName ? title : `${title} | ${siteName}`;
  const about = description || ofHouse;
  return [
    { title: full },
    { name: "description", content: about },
    { property: "og:site_name", content: siteName },
    { property: "og:type", content: "website" },
    { property: "og:title", content: title },
    { property: "og:description", content: about },
    { property: "og:locale", content: locale === "ja" ? "ja_JP" : "en_US" },
    ...(image ? [{ property: "og:image", content: image }] : []),
  ];
}

/** The language of the page, out of what a `meta` export is given. */
export function localeOfMatches(matches: readonly ({ id: string; data?: unknown } | undefined)[]): Locale {
  const root = matches.find((match) => match?.id === "root")?.data as RootData | undefined;
  return root?.page?.locale ?? DEFAULT_LOCALE;
}

/** A `meta` export for a page whose words do not depend on its data. */
export function titled<T>(copy: Readonly<Record<Locale, T>>, words: (copy: T) => Words): MetaFunction {
  return ({ matches }) => {
    const locale = localeOfMatches(matches);
    return pageMeta(locale, words(copy[locale]));
  };
}
