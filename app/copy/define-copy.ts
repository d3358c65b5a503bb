import { useRouteLoaderData } from "@remix-run/react";
import { DEFAULT_LOCALE, type Locale } from "#worker/kernel/locale.ts";

type Text = string | ((...values: never[]) => string);
type Tree = { readonly [name: string]: Text | Tree };
/** The same names with texts in another language: what one language has, the other must have. */
type SameShape<T> = {
  readonly [K in keyof T]: T[K] extends (...values: infer V) => string
    ? (...values: V) => string
    : T[K] extends string
      ? string
      : SameShape<T[K]>;
};

/** The words of one part of the house in every language; a word that is missing in one does not compile. */
export function defineCopy<const T extends Tree>(words: {
  ja: T;
  en: SameShape<T>;
}): Readonly<Record<Locale, SameShape<T>>> {
  return words as unknown as Readonly<Record<Locale, SameShape<T>>>;
}

/** The language of the page at hand. */
export function useLocale(): Locale {
  const root = useRouteLoaderData("root") as { page?: { locale?: Locale } } | undefined;
  return root?.page?.locale ?? DEFAULT_LOCALE;
}

/** The words in the language of the page at hand. */
export function useCopy<T>(copy: Readonly<Record<Locale, T>>): T {
  return copy[useLocale()];
}
