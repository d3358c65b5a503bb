import type { LinksFunction, LoaderFunctionArgs } from "@remix-run/cloudflare";
import { Links, Meta, type MetaFunction, Outlet, Scripts, ScrollRestoration, useRouteError } from "@remix-run/react";
import type { ReactNode } from "react";
import fonts from "@fontsource-variable/noto-sans-jp/index.css?url";
import { pageLoader } from "./carry.ts";
import { useCopy, useLocale } from "./copy/define-copy.ts";
import { shellCopy } from "./copy/shell.ts";
import { type RootData, useRootData } from "./root-data.ts";
import styles from "./styles/app.css?url";
import { BottomBar, Footer, TopBar } from "./ui/shell/doors.tsx";
import { NavigationProgress } from "./ui/shell/navigation-progress.tsx";
import { headingOf, ProblemPage, statusOf } from "./ui/shell/problem-page.tsx";
import { localeOfMatches, pageMeta } from "./ui/page-meta.ts";

const GROUND = { light: "#faf8f4", dark: "#131316" } as const;

/** How the page is written and who is here. Without anybody signed in it is the same for everybody: such pages are kept at the edge. */
export const loader = pageLoader(async ({ context }: LoaderFunctionArgs): Promise<RootData> => ({
  page: context.page,
  welcome: await context.api.identity.welcome(context.ctx),
}));

export const links: LinksFunction = () => [
  { rel: "stylesheet", href: styles },
  { rel: "icon", href: "/favicon.svg", type: "image/svg+xml" },
  { rel: "apple-touch-icon", href: "/icon-180.png" },
  { rel: "manifest", href: "/manifest.webmanifest" },
];

export const meta: MetaFunction<typeof loader> = ({ error, matches }) => {
  const locale = localeOfMatches(matches);
  const copy = shellCopy[locale];
  return pageMeta(locale, { title: error ? headingOf(statusOf(error), copy) : copy.siteName });
};

/** The document and the frame, around pages and problems alike. */
export function Layout({ children }: { children: ReactNode }) {
  const page = useRootData()?.page;
  const copy = useCopy(shellCopy);
  const theme = page?.theme ?? "system";
  return (
    <html lang={useLocale()} data-theme={theme}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
        <meta name="color-scheme" content={theme === "system" ? "light dark" : theme} />
        <ThemeColors theme={theme} />
        <Meta />
        <Links />
      </head>
      <body className="flex min-h-dvh flex-col">
        <a
          href="#main"
          className="fixed top-2 left-2 z-50 -translate-y-20 rounded-md bg-accent px-4 py-2 text-on-accent focus:translate-y-0"
        >
          {copy.skip}
        </a>
        <TopBar />
        <NavigationProgress />
        <main id="main" tabIndex={-1} className="flex-1">
          {children}
        </main>
        <Footer />
        <BottomBar />
        {/* At the end, so that the long list of the font's parts holds no page back */}
        <link rel="stylesheet" href={fonts} />
        <ScrollRestoration nonce={page?.nonce} />
        <Scripts nonce={page?.nonce} />
      </body>
    </html>
  );
}

export default function App() {
  return <Outlet />;
}

export function ErrorBoundary() {
  return <ProblemPage error={useRouteError()} />;
}

function ThemeColors({ theme }: { theme: "system" | "light" | "dark" }) {
  if (theme !== "system") return <meta name="theme-color" content={GROUND[theme]} />;
  return (
    <>
      <meta name="theme-color" media="(prefers-color-scheme: light)" content={GROUND.light} />
      <meta name="theme-color" media="(prefers-color-scheme: dark)" content={GROUND.dark} />
    </>
  );
}
