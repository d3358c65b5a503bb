import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBrowser } from "#test/support/browser.ts";
import { Shelf } from "./films.ts";
import { loginOf, signIn, visit } from "./visitor.ts";

let browser: Browser;
let shelf: Shelf;

beforeAll(async () => {
  [browser, shelf] = await Promise.all([openBrowser(), Shelf.open()]);
});
afterAll(async () => {
  await Promise.all([browser.close(), shelf.clear()]);
});

/** The film as the page plays it. */
const film = (page: Page) => page.locator("video");
const secondsOf = (page: Page) => film(page).evaluate((video: HTMLVideoElement) => video.currentTime);
const heightOf = (page: Page) => film(page).evaluate((video: HTMLVideoElement) => video.videoHeight);
const isPaused = (page: Page) => film(page).evaluate((video: HTMLVideoElement) => video.paused);

/** Brings a film to its published state as its creator; answers with the address of its page. */
async function publish(page: Page, file: string, title: string): Promise<string> {
  await page.goto("/studio/upload");
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.getByText("または、押してファイルを選択").click(),
  ]);
  await chooser.setFiles(file);
  const row = page.getByTestId("upload-item").last();
  await row.and(page.locator("[data-phase=accepted]")).waitFor();
  await row
    .getByText(/変換待ち|変換中/)
    .first()
    .waitFor();

  await row.getByRole("link", { name: "詳細を編集" }).click();
  await page.getByLabel("タイトル").fill(title);
  await page.getByRole("radio", { name: /^公開/ }).check();
  await page.getByRole("button", { name: "変更を保存する" }).click();
  await page.getByText("保存しました").waitFor();
  await page.getByRole("button", { name: /^(変換が終わりしだい公開する|公開する)$/ }).click();
  const toPage = page.getByTestId("publishing").getByRole("link", { name: "動画ページ" });
  await toPage.waitFor({ timeout: 60_000 });
  return (await toPage.getAttribute("href"))!;
}

describe("a film", () => {
  it("goes from its creator's disk to whoever comes by, in several qualities", async () => {
    const title = `海辺の朝 ${Date.now()}`;
    const file = await shelf.film("seaside.mp4", { seconds: 12 });
    const creator = await visit(browser);
    await creator.page.goto("/login?next=/studio/upload");
    await signIn(creator.page, loginOf("creator"));
    await creator.page.waitForURL(({ pathname }) => pathname === "/studio/upload");
    const address = await publish(creator.page, file, title);
    expect(creator.troubles).toEqual([]);
    await creator.context.close();

    const { page, context, troubles } = await visit(browser);
    await page.goto("/");
    await page.getByRole("link", { name: title }).click();
    await page.waitForURL(`**${address}`);
    await page.getByRole("heading", { name: title }).waitFor();
    await page.getByTestId("player-big-play").click();
    await expect.poll(() => secondsOf(page), { timeout: 20_000 }).toBeGreaterThan(1);

    const menu = page.getByRole("button", { name: /^画質/ });
    const qualities = page.getByRole("menu", { name: "画質" }).getByRole("menuitemradio");
    await menu.click();
    const offered = (await qualities.allInnerTexts()).map((words) => words.trim());
    expect(offered.slice(1)).toEqual(["720p", "480p", "360p"]);
    await page.keyboard.press("Escape");
    // What is on screen plays to the end of its piece; from the next one on it is as chosen
    for (const height of [360, 720]) {
      await menu.click();
      await qualities.getByText(`${height}p`, { exact: true }).last().click();
      await page.keyboard.press("0");
      await expect.poll(() => heightOf(page), { timeout: 20_000 }).toBe(height);
    }
    expect(troubles).toEqual([]);
    await context.close();
  });

  it("held upright is shown upright, and obeys the keyboard", async () => {
    const file = await shelf.film("upright.mp4", { rotation: 90 });
    const creator = await visit(browser, { as: "creator" });
    const address = await publish(creator.page, file, `縦の散歩 ${Date.now()}`);
    await creator.context.close();

    const { page, context, troubles } = await visit(browser);
    await page.goto(address);
    await page.getByTestId("player-big-play").waitFor();
    await page.keyboard.press("Space");
    await expect.poll(() => secondsOf(page), { timeout: 20_000 }).toBeGreaterThan(0.2);
    const shape = await film(page).evaluate((video: HTMLVideoElement) => video.videoHeight / video.videoWidth);
    expect(shape).toBeCloseTo(16 / 9, 1);

    await page.keyboard.press("k");
    await expect.poll(() => isPaused(page)).toBe(true);
    await page.getByRole("button", { name: "再生", exact: true }).focus();
    const before = await secondsOf(page);
    await page.keyboard.press("ArrowLeft");
    await expect.poll(() => secondsOf(page)).toBeLessThan(before);
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => secondsOf(page)).toBeGreaterThanOrEqual(4.9);
    await page.keyboard.press("0");
    await expect.poll(() => secondsOf(page)).toBe(0);
    expect(troubles).toEqual([]);
    await context.close();
  });
});
