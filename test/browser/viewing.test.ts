import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { openBrowser } from "#test/support/browser.ts";
import { ofTown } from "./town-api.ts";
import { visit } from "./visitor.ts";

const town = inject("town");

let browser: Browser;

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

const secondsOf = (page: Page) => page.locator("video").evaluate((video: HTMLVideoElement) => video.currentTime);

describe("a film for members", () => {
  it("sends a visitor to sign in and back", async () => {
    const { address } = await ofTown("members");
    const { page, context, troubles } = await visit(browser);
    await page.goto(address);
    await page.getByRole("heading", { name: "サインインすると続きへ進めます" }).waitFor();
    await page.getByRole("main").getByRole("link", { name: "サインインする" }).click();
    await page.waitForURL(`**/login?next=${encodeURIComponent(address)}`);
    expect(await page.locator("video").count()).toBe(0);
    expect(troubles).toEqual([]);
    await context.close();
  });

  it("tells a free viewer of the plan that opens it", async () => {
    const { address } = await ofTown("members");
    const { page, context, troubles } = await visit(browser, { as: "viewer" });
    await page.goto(address);
    await page.getByRole("heading", { name: "Premiumメンバー限定の動画です" }).waitFor();
    await page.getByRole("main").getByRole("link", { name: "プランを見る" }).click();
    await page.getByRole("heading", { name: "プラン", exact: true }).waitFor();
    expect(troubles).toEqual([]);
    await context.close();
  });

  it("plays for a member", async () => {
    const { address } = await ofTown("members");
    const { page, context, troubles } = await visit(browser, { as: "premium" });
    await page.goto(address);
    await page.getByTestId("player-big-play").click();
    await expect.poll(() => secondsOf(page), { timeout: 20_000 }).toBeGreaterThan(0.5);
    expect(troubles).toEqual([]);
    await context.close();
  });
});

describe("the CDN", () => {
  it("gives pieces of a film to whoever was allowed to play it, and to nobody else", async () => {
    const { address } = await ofTown("public");
    const { page, context } = await visit(browser);
    const [piece] = await Promise.all([
      page.waitForResponse((response) => response.ok() && isPiece(response.url())),
      page.goto(address),
    ]);
    const url = new URL(piece.url());
    await context.close();

    const statusOf = async (asked: URL) => {
      const response = await fetch(asked, { headers: { origin: town.url } });
      await response.body?.cancel();
      return response.status;
    };
    const changed = (change: (url: URL) => void) => {
      const copy = new URL(url);
      change(copy);
      return copy;
    };
    expect(await statusOf(url)).toBe(200);
    expect(await statusOf(changed((copy) => (copy.search = "")))).toBe(403);
    const { address: membersAddress } = await ofTown("members");
    const other = membersAddress.split("/").at(-1)!;
    expect(await statusOf(changed((copy) => (copy.pathname = copy.pathname.replace(/vid_\w+/, other))))).toBe(403);
    expect(await statusOf(changed((copy) => copy.searchParams.set("Key-Pair-Id", "K2UNKNOWN")))).toBe(403);
    const longer = changed((copy) => copy.searchParams.set("Policy", postponed(copy.searchParams.get("Policy")!)));
    expect(await statusOf(longer)).toBe(403);
  });
});

/** A piece of video or sound. */
function isPiece(url: string): boolean {
  return url.startsWith(town.cdn.url) && /\.(ts|mp4|m4s|cmfv|cmfa|aac)$/.test(new URL(url).pathname);
}

/** CloudFront writes `+=/` as `-_~` in signed URLs ("Creating a signature for a signed URL that uses a custom policy"). */
function postponed(policy: string): string {
  const plain = atob(policy.replace(/[-_~]/g, (character) => ({ "-": "+", _: "=", "~": "/" })[character]!));
  const later = plain.replace(/"AWS:EpochTime":(\d+)/, (_, time) => `"AWS:EpochTime":${Number(time) + 3_600}`);
  if (later === plain) throw new Error(`There is no time in ${plain}`);
  return btoa(later).replace(/[+=/]/g, (character) => ({ "+": "-", "=": "_", "/": "~" })[character]!);
}
