import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { openBrowser } from "#test/support/browser.ts";
import { Shelf } from "./films.ts";
import { visit } from "./visitor.ts";

const town = inject("town");
const MIB = 1024 * 1024;
/** Three parts of 8 MiB and a bit. */
const FILE_BYTES = 24 * MIB + 4_096;

let browser: Browser;
let shelf: Shelf;

beforeAll(async () => {
  [browser, shelf] = await Promise.all([openBrowser(), Shelf.open()]);
});
afterAll(async () => {
  await Promise.all([browser.close(), shelf.clear()]);
});

it("an upload whose page was closed goes on with what had not arrived when the file is chosen again", async () => {
  const file = await shelf.longFilm("遠足.mp4", FILE_BYTES);
  const { page: first, context } = await visit(browser, { as: "creator" });
  const partsOf = (url: string) => new URL(url).searchParams.get("partNumber");
  let arrived = 0;
  // Two parts may pass, the others hang on the way
  await context.route(`${town.aws.endpoint}/**`, async (route) => {
    if (route.request().method() !== "PUT" || arrived < 2) {
      arrived += route.request().method() === "PUT" ? 1 : 0;
      await route.continue();
    }
  });
  await first.goto("/studio/upload");
  const stored = [1, 2].map((nth) => {
    let seen = 0;
    return first.waitForResponse((answer) => answer.request().method() === "PUT" && answer.ok() && ++seen === nth);
  });
  await first.getByTestId("upload-files").setInputFiles(file);
  await Promise.all(stored);
  await first.close({ runBeforeUnload: false });
  await context.unroute(`${town.aws.endpoint}/**`);

  const page = await context.newPage();
  const sent: (string | null)[] = [];
  page.on("request", (request) => {
    if (request.method() === "PUT") sent.push(partsOf(request.url()));
  });
  await page.goto("/studio/upload");
  await page.getByText("遠足.mp4の続きから再開できます。").waitFor();
  await page.getByTestId("upload-files").setInputFiles(file);
  const row = page.getByTestId("upload-item");
  await row.and(page.locator("[data-phase=accepted]")).waitFor({ timeout: 60_000 });
  expect(sent).toHaveLength(2);
  expect(new Set(sent).size).toBe(2);
  await context.close();
});
