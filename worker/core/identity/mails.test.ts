import { expect, it } from "vitest";
import { LOCALES } from "../../kernel/locale.ts";
import { registrationNotice, verificationMail } from "./mails.ts";

const ORIGIN = "https://hiroba.example";
const mails = LOCALES.flatMap((locale) => {
  const reader = { email: "a@example.com", name: `<img src=x onerror="1">&'`, locale };
  return [verificationMail(reader, ORIGIN, "tok-en_1"), registrationNotice(reader, ORIGIN)];
});

it("shows a name as text, whatever is in it", () => {
  for (const { html, text } of mails) {
    expect(html).not.toMatch(/<img/i);
    expect(html).toContain("&lt;img src=x onerror=&quot;1&quot;&gt;&amp;&#39;");
    expect(text).toContain(`<img src=x onerror="1">&'`);
  }
});

it("loads nothing and links only to the house", () => {
  for (const { html } of mails) {
    expect(html).not.toMatch(/<[^>]*\s(?:src|background)=|url\(|<(?:link|script|style|img)\b/i);
    for (const [, href] of html.matchAll(/href="([^"]+)"/g)) expect(href).toMatch(/^https:\/\/hiroba\.example\//);
  }
});

it("carries the link in text and HTML, in the reader's language", () => {
  const [ja, , en] = mails;
  for (const mail of [ja!, en!]) {
    expect(mail.text).toContain(`${ORIGIN}/verify?token=tok-en_1`);
    expect(mail.html).toContain(`href="${ORIGIN}/verify?token=tok-en_1"`);
  }
  expect(ja!.subject).toMatch(/確認/);
  expect(en!.subject).toMatch(/Confirm/);
  expect(ja!.html).toContain('lang="ja"');
});

it("has no name in a subject", () => {
  for (const { subject } of mails) expect(subject).not.toMatch(/img/);
});
