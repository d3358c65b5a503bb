import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBrowser } from "#test/support/browser.ts";
import { ofTown } from "./town-api.ts";
import { axeFindings, type Role, visit } from "./visitor.ts";

let browser: Browser;

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

const SIZES = { phone: { width: 390, height: 844 }, desk: { width: 1_280, height: 800 } } as const;
const NARROWEST = 320;

/** Pages and who looks at them; nobody in particular unless told. */
async function places(): Promise<{ as?: Role; paths: string[] }[]> {
  const { address, channel } = await ofTown("public");
  return [
    { paths: ["/", "/login", "/signup", "/plans", address, channel] },
    { as: "creator", paths: ["/studio", "/studio/upload", "/account"] },
  ];
}

const overflowOf = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

const LOOKS = (["ja-JP", "en-US"] as const).flatMap((locale) =>
  (["light", "dark"] as const).flatMap((colorScheme) =>
    (["phone", "desk"] as const).map((size) => ({ locale, colorScheme, size })),
  ),
);

describe("every page", () => {
  it.each(LOOKS)("is open to everybody in $locale, $colorScheme, on a $size", async ({ locale, colorScheme, size }) => {
    const findings: string[] = [];
    for (const { paths, ...who } of await places()) {
      const { page, context, troubles } = await visit(browser, {
        ...who,
        locale,
        colorScheme,
        viewport: SIZES[size],
        reducedMotion: "reduce",
      });
      for (const path of paths) {
        await page.goto(path, { waitUntil: "load" });
        await page.evaluate(() => document.fonts.ready);
        expect(await page.locator("html").getAttribute("lang")).toBe(locale.slice(0, 2));
        for (const finding of await axeFindings(page)) findings.push(`${path}: ${finding}`);
        if (size === "phone") await page.setViewportSize({ width: NARROWEST, height: 640 });
        const overflow = await overflowOf(page);
        if (overflow > 0) findings.push(`${path}: scrolls sideways by ${overflow} px`);
        if (size === "phone") await page.setViewportSize(SIZES.phone);
      }
      findings.push(...troubles);
      await context.close();
    }
    expect(findings).toEqual([]);
  });
});

describe("the house", () => {
  it("keeps speaking the language that was chosen", async () => {
    const { page, context, troubles } = await visit(browser);
    await page.goto("/plans");
    await page.getByRole("button", { name: "English" }).click();
    await page.getByRole("heading", { name: "Plans", exact: true }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/plans");
    const later = await context.newPage();
    await later.goto("/login");
    await later.getByRole("heading", { name: "Sign in", exact: true }).waitFor();
    expect(await later.locator("html").getAttribute("lang")).toBe("en");
    expect(troubles).toEqual([]);
    await context.close();
  });

  it("keeps the brightness that was chosen", async () => {
    const { page, context, troubles } = await visit(browser, { colorScheme: "light" });
    const ground = (of: Page) => of.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await page.goto("/");
    const light = await ground(page);
    await page.getByRole("button", { name: /^明るさ：端末に合わせる/ }).click();
    await page.getByRole("button", { name: /^明るさ：明るい/ }).click();
    await page.getByRole("button", { name: /^明るさ：暗い/ }).waitFor();
    await expect.poll(() => ground(page)).not.toBe(light);
    const later = await context.newPage();
    await later.goto("/plans");
    await later.getByRole("button", { name: /^明るさ：暗い/ }).waitFor();
    expect(await ground(later)).toBe(await ground(page));
    expect(troubles).toEqual([]);
    await context.close();
  });
});
