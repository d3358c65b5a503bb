import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { openBrowser } from "#test/support/browser.ts";
import { loginOf, signIn, visit } from "./visitor.ts";

const town = inject("town");

let browser: Browser;

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

/** The link in the newest mail to an address, once it has come. */
async function linkMailedTo(email: string): Promise<string> {
  const find = async () => {
    const response = await fetch(`${town.mail.api}?to=${encodeURIComponent(email)}`);
    const { messages } = (await response.json()) as { messages: { text: string }[] };
    return /https?:\/\/\S+\/verify\?\S+/.exec(messages[0]?.text ?? "")?.[0];
  };
  await expect.poll(find, { timeout: 20_000 }).toBeDefined();
  return (await find())!;
}

describe("a newcomer", () => {
  it("registers, follows the link in the mail, is signed in, and can leave", async () => {
    const email = `hana.${Date.now()}@example.com`;
    const { page, context, troubles } = await visit(browser);
    await page.goto("/signup");
    await page.getByLabel("お名前").fill("花");
    await page.getByLabel("メールアドレス").fill(email);
    await page.getByLabel("パスワード", { exact: true }).fill("静かな広場の朝のひかり");
    await page.getByRole("button", { name: "確認メールを受け取る" }).click();
    await page.getByRole("heading", { name: "メールをご確認ください" }).waitFor();

    const link = await linkMailedTo(email);
    await page.goto(link);
    await page.getByRole("button", { name: "確認して始める" }).click();
    await page.waitForURL(`${town.url}/`);
    await page.getByText("さんのメニュー").waitFor({ state: "attached" });
    expect(troubles).toEqual([]);

    await page.goto("/account");
    await page.getByText("確認済み").waitFor();
    await page.getByRole("main").getByRole("button", { name: "サインアウトする" }).click();
    await page.getByRole("banner").getByRole("link", { name: "サインイン" }).waitFor();
    await page.goto("/account");
    await page.waitForURL("**/login?next=**");

    await page.goto(link);
    await page.getByRole("button", { name: "確認して始める" }).click();
    await page.getByText("このリンクは使えません").first().waitFor();
    await context.close();
  });

  it("who guesses passwords has to wait, even with the right one", async () => {
    // A network of its own: the others go on signing in
    const address = `2001:db8:0:${(Date.now() % 0xffff).toString(16)}::1`;
    const { page, context } = await visit(browser, { extraHTTPHeaders: { "cf-connecting-ip": address } });
    await page.goto("/login");
    for (let guess = 1; guess <= 5; guess++) {
      await signIn(page, { email: `guess.${guess}@example.com`, password: `wrong guess ${guess}` });
      await page.getByText("メールアドレスまたはパスワードが違います。").waitFor();
      await page.reload();
    }
    await signIn(page, loginOf("viewer"));
    const alert = page.getByRole("alert");
    await alert.getByText("サインインの失敗が続いたため、しばらくお待ちください。").waitFor();
    await context.close();
  });
});
