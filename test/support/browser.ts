import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

/** Installed browsers that play H.264, as packages of Debian, Google and macOS put them. */
const INSTALLED = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];
/** It talks to nobody but the pages, and plays without waiting for a person's click. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--autoplay-policy=no-user-gesture-required",
];

/**
 * Starts a browser: `$CHROME_PATH`, an installed Chrome or Chromium, the one that `npx playwright install chromium` brings, or the optional
 * package `@sparticuz/chromium`. Throws one sentence when there is none.
 */
export async function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: await findBrowser(), args: FLAGS });
}

async function findBrowser(): Promise<string> {
  const named = process.env["CHROME_PATH"];
  if (named) {
    if (existsSync(named)) return named;
    throw new Error(`There is no browser at CHROME_PATH, ${named}.`);
  }
  const installed = [...INSTALLED, chromium.executablePath()].find((path) => existsSync(path));
  if (installed) return installed;
  const packaged = await packagedBrowser();
  if (packaged) return packaged;
  throw new Error(
    "The browser tests found no Chromium: install one, name it in CHROME_PATH, or run `npx playwright install chromium`.",
  );
}

type PackagedBrowser = { executablePath(): Promise<string> };

/**
 * The browser of `@sparticuz/chromium`, for x64 Linux without any. Told that it runs on Lambda, it brings the libraries it needs. The flags
 * that it proposes are left out: they switch the web's security off and put everything into one process.
 */
async function packagedBrowser(): Promise<string | null> {
  process.env["AWS_EXECUTION_ENV"] ??= "AWS_Lambda_nodejs22.x";
  const optional: string = "@sparticuz/chromium"; // Not a literal: where the package is left out, its types are too.
  try {
    const { default: packaged } = (await import(optional)) as { default: PackagedBrowser };
    return await packaged.executablePath();
  } catch {
    return null;
  }
}
