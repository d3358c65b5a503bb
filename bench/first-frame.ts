import { chromium, type Browser } from "playwright-core";
import { inScope } from "./town/in-scope.ts";
import { publishedVideos } from "./town/furnish.ts";
import { freePortRange, openTown } from "./town/open-town.ts";
import { spread } from "./table.ts";

const VISITS = 10;
const TARGET_MS = 2_000;
const PATIENCE_MS = 30_000;

/**
 * How long a visitor with an empty browser cache waits on a warm town from the start of the navigation until the first
 * moving picture: the page's video is played, muted, as soon as it knows its metadata.
 */
await inScope(async (scope) => {
  console.log("Opening a town …");
  const fastMedia = process.env.HIROBA_FAST_MEDIA === "1";
  const town = await openTown(scope, await freePortRange(0), { fastMedia });
  const [videoId] = await publishedVideos(town.databaseUrl);
  const address = `${town.url}/watch/v/${videoId}`;
  const browser = await chromium.launch({
    executablePath: process.env.CHROME_PATH ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"],
  });
  scope.own({ stop: () => browser.close() });
  await firstFrameMs(browser, address); // Not counted: it warms the town.
  const times: number[] = [];
  for (let visit = 1; visit <= VISITS; visit++) {
    const ms = await firstFrameMs(browser, address);
    times.push(ms);
    console.log(`  ${visit}/${VISITS}  ${ms.toFixed(0)} ms`);
  }
  console.log(
    `\nFirst frame after navigation: ${spread(times)} ms, median (min–max) of ${VISITS}; target ${TARGET_MS} ms`,
  );
});

async function firstFrameMs(browser: Browser, address: string): Promise<number> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.addInitScript(watchForFirstFrame);
    await page.goto(address, { waitUntil: "commit" });
    const shown = await page.waitForFunction(() => window.firstFrameMs, undefined, { timeout: PATIENCE_MS });
    return (await shown.jsonValue()) ?? Number.NaN;
  } finally {
    await context.close();
  }
}

declare global {
  interface Window {
    /** Milliseconds from the start of the navigation (High Resolution Time, `timeOrigin`). */
    firstFrameMs?: number;
  }
}

/** Runs in the page, before its own scripts: plays its video when that can be, and notes when the first frame of the playing video is shown. */
function watchForFirstFrame(): void {
  const play = (video: HTMLVideoElement) => {
    video.muted = true;
    video.requestVideoFrameCallback(function shown(now) {
      if (video.paused) video.requestVideoFrameCallback(shown);
      else window.firstFrameMs ??= now;
    });
    void video.play();
  };
  document.addEventListener("loadedmetadata", ({ target }) => play(target as HTMLVideoElement), { capture: true });
}
