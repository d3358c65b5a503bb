import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { expect, inject } from "vitest";

const town = inject("town");
const HOME = [town.url, town.cdn.url, town.aws.endpoint];

export type Role = "creator" | "viewer" | "premium" | "admin";

/** The e-mail address and password of a demo login. */
export function loginOf(role: Role): { email: string; password: string } {
  const login = town.logins.find((known) => known.role === role);
  if (!login) throw new Error(`The town has no demo login for ${role}.`);
  return login;
}

/** Somebody with a browser of their own, and everything in it that ought not to happen. */
export type Visitor = {
  page: Page;
  context: BrowserContext;
  /** Console errors, uncaught errors, broken content policies and requests to strangers, so far. */
  troubles: string[];
};

type Who = BrowserContextOptions & {
  /** Signed in already; nobody unless told. */
  as?: Role;
};

/** Opens a fresh browser profile; Japanese unless told. Whoever opens it closes its context. */
export async function visit(browser: Browser, { as, ...options }: Who = {}): Promise<Visitor> {
  const context = await browser.newContext({ baseURL: town.url, locale: "ja-JP", ...options });
  const troubles: string[] = [];
  context.on("request", (request) => {
    const url = request.url();
    if (url.startsWith("http") && !HOME.includes(new URL(url).origin)) troubles.push(`request to ${url}`);
  });
  context.on("weberror", (error) => troubles.push(`uncaught: ${error.error().message}`));
  context.on("console", (message) => {
    if (message.type() === "error") troubles.push(`${message.text()} (${message.location().url})`);
  });
  await context.exposeFunction("tellOfPolicy", (words: string) => troubles.push(`content policy: ${words}`));
  await context.addInitScript(() =>
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
      const { tellOfPolicy } = globalThis as unknown as { tellOfPolicy(words: string): void };
      tellOfPolicy(`${violatedDirective} ${blockedURI}`);
    }),
  );
  if (as) {
    const { email, password } = loginOf(as);
    const response = await context.request.post("/api/v1/auth/login", { data: { email, password } });
    expect(response.status()).toBe(200);
  }
  return { page: await context.newPage(), context, troubles };
}

/** Fills in the sign-in form on the page that shows it. */
export async function signIn(page: Page, { email, password }: { email: string; password: string }): Promise<void> {
  await page.getByLabel("メールアドレス").fill(email);
  await page.getByLabel("パスワード", { exact: true }).fill(password);
  await page.getByRole("button", { name: "サインインする" }).click();
}

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe-core finds wrong on a page, one line for each kind and place. */
export async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    type Result = { violations: { id: string; nodes: { target: unknown[]; failureSummary?: string }[] }[] };
    const { axe } = globalThis as unknown as { axe: { run(options: unknown): Promise<Result> } };
    const { violations } = await axe.run({ resultTypes: ["violations"] });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.target.join(" ")} ${node.failureSummary ?? ""}`),
    );
  });
}
