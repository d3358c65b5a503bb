import { isLocale } from "#worker/kernel/locale.ts";
import { THEMES } from "./load-context.ts";

const ATTRIBUTES = `Path=/; Max-Age=${365 * 24 * 60 * 60}; SameSite=Lax; Secure`;

/** `Set-Cookie` lines for the preferences that a form names, for a year; what is not a preference of ours is passed over. */
export function preferenceCookies(form: FormData): string[] {
  const locale = form.get("locale");
  const theme = THEMES.find((known) => known === form.get("theme"));
  return [
    ...(isLocale(locale) ? [`hiroba_locale=${locale}; ${ATTRIBUTES}`] : []),
    ...(theme ? [`hiroba_theme=${theme}; ${ATTRIBUTES}`] : []),
  ];
}
