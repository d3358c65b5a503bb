import { ListMultipartUploadsCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { LOCAL_AWS } from "#local/clouds.ts";
import { openBrowser } from "#test/support/browser.ts";
import { Shelf } from "./films.ts";
import { visit } from "./visitor.ts";

const { aws } = inject("town");
const { endpoint, region, ...credentials } = aws;
const s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
const bucket = { Bucket: LOCAL_AWS.uploadsBucket };

/** Everything that lies in the bucket of uploads, whole or in parts. */
async function kept(): Promise<string[]> {
  const [objects, uploads] = await Promise.all([
    s3.send(new ListObjectsV2Command(bucket)),
    s3.send(new ListMultipartUploadsCommand(bucket)),
  ]);
  return [...(objects.Contents ?? []), ...(uploads.Uploads ?? [])].map(({ Key }) => Key!).toSorted();
}

let browser: Browser;
let shelf: Shelf;

beforeAll(async () => {
  [browser, shelf] = await Promise.all([openBrowser(), Shelf.open()]);
});
afterAll(async () => {
  s3.destroy();
  await Promise.all([browser.close(), shelf.clear()]);
});

it("files that are no films are refused with a reason, and nothing of them is kept", async () => {
  const before = await kept();
  const { page, context } = await visit(browser, { as: "creator" });
  await page.goto("/studio/upload");
  const files: readonly [string, RegExp][] = [
    [await shelf.bytes("言葉.mp4", "これは動画ではありません。\n".repeat(200)), /動画ではないため、受け付けられません/],
    [await shelf.bytes("空.mp4", ""), /ファイルが空です（0バイト）/],
    [await shelf.song("歌.mp4"), /映像が入っていません（音声だけのファイルです）/],
    [await shelf.torn("切れ端.mp4"), /動画として読み取れませんでした。途中で切れているか/],
    [await shelf.halved("半分.mp4"), /動画として読み取れませんでした。途中で切れているか/],
  ];
  await page.getByTestId("upload-files").setInputFiles(files.map(([file]) => file));
  for (const [file, sentence] of files) {
    const row = page.getByTestId("upload-item").filter({ hasText: file.split("/").at(-1)! });
    await row.and(page.locator("[data-phase=refused]")).waitFor();
    expect(await row.innerText()).toMatch(sentence);
  }
  await expect.poll(kept, { timeout: 20_000 }).toEqual(before);
  await context.close();
});
