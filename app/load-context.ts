import type { Api } from "#worker/api.ts";
import type { Ctx } from "#worker/context.ts";
import { cookieOf, type Locale, localeOf } from "#worker/kernel/locale.ts";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

/** How this page is written: its language, its colours, and the nonce that its scripts carry. */
export type PageContext = { locale: Locale; theme: Theme; nonce: string };

declare module "@remix-run/cloudflare" {
  interface AppLoadContext {
    /** Every module's verbs, called with `ctx`. */
    api: Api;
    ctx: Ctx;
    page: PageContext;
  }
  interface Future {
    v3_singleFetch: true;
  }
}

export function pageContext(request: Request, nonce = ""): PageContext {
  const theme = cookieOf(request.headers, "hiroba_theme");
  return { locale: localeOf(request.headers), theme: THEMES.find((known) => known === theme) ?? "system", nonce };
}
