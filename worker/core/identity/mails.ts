import type { Locale } from "../../kernel/locale.ts";
import type { Mail } from "../../ports/mailer.ts";

type Reader = { email: string; name: string; locale: Locale };
type Letter = { subject: string; greeting: string; paragraphs: string[]; button: string; note: string };

/** The mail with the link that confirms an address. Opening the link does nothing by itself: mail scanners open links too. */
export function verificationMail(reader: Reader, origin: string, token: string): Mail {
  const letter = VERIFICATION[reader.locale](reader.name);
  return mailOf(reader, "verify_email", letter, `${origin}/verify?token=${encodeURIComponent(token)}`);
}

/** The mail to the owner of an account whose address somebody tried to register. */
export function registrationNotice(reader: Reader, origin: string): Mail {
  return mailOf(reader, "registration_notice", NOTICE[reader.locale](reader.name), `${origin}/login`);
}

const VERIFICATION: Readonly<Record<Locale, (name: string) => Letter>> = {
  ja: (name) => ({
    subject: "【ひろば】メールアドレスの確認",
    greeting: `${name} 様`,
    paragraphs: [
      "ひろばへのご登録ありがとうございます。",
      "下のボタンから、このメールアドレスがご本人のものであることを確認してください。リンクは24時間、1回だけ使えます。",
    ],
    button: "メールアドレスを確認する",
    note: "お心当たりがない場合は、何もせずにこのメールを削除してください。確認しないかぎり、このアドレスは使われません。",
  }),
  en: (name) => ({
    subject: "Confirm your e-mail address – Hiroba",
    greeting: `Hello ${name},`,
    paragraphs: [
      "Thank you for joining Hiroba.",
      "Use the button below to confirm that this address is yours. The link works once, within 24 hours.",
    ],
    button: "Confirm this address",
    note: "If this was not you, simply delete this mail. Unless it is confirmed, the address will not be used.",
  }),
};

const NOTICE: Readonly<Record<Locale, (name: string) => Letter>> = {
  ja: (name) => ({
    subject: "【ひろば】すでにアカウントをお持ちです",
    greeting: `${name} 様`,
    paragraphs: [
      "このメールアドレスで、ひろばへの新規登録が試みられました。すでにアカウントをお持ちのため、新しい登録は行われていません。",
      "ご本人の場合は、下のボタンからサインインしてください。",
    ],
    button: "サインインする",
    note: "お心当たりがない場合も、アカウントに変更はありません。何もせずにこのメールを削除してください。",
  }),
  en: (name) => ({
    subject: "You already have an account – Hiroba",
    greeting: `Hello ${name},`,
    paragraphs: [
      "Somebody tried to register at Hiroba with this e-mail address. You already have an account, so no new one was opened.",
      "If it was you, sign in with the button below.",
    ],
    button: "Sign in",
    note: "If it was not you, nothing has changed in your account. You can delete this mail.",
  }),
};

function mailOf({ email, locale }: Reader, category: string, letter: Letter, url: string): Mail {
  const { subject, greeting, paragraphs, button, note } = letter;
  const text = [greeting, ...paragraphs, `${button}:\n${url}`, note].join("\n\n");
  return { to: email, subject, text: `${text}\n`, html: htmlOf(locale, letter, url), locale, category };
}

/** One column, no pictures, no styles from elsewhere: nothing is loaded when the mail is opened. */
function htmlOf(locale: Locale, { subject, greeting, paragraphs, button, note }: Letter, url: string): string {
  const paragraph = (text: string) => `<p style="margin:0 0 16px">${escapeHtml(text)}</p>`;
  return [
    `<!doctype html><html lang="${locale}"><head><meta charset="utf-8">`,
    `<meta name="viewport" content="width=device-width"><title>${escapeHtml(subject)}</title></head>`,
    `<body style="margin:0;padding:24px;background:#f6f5f2;color:#1d1c1a;font:16px/1.7 sans-serif">`,
    `<div style="max-width:520px;margin:0 auto;padding:32px;background:#fff;border-radius:12px">`,
    paragraph(greeting),
    ...paragraphs.map(paragraph),
    `<p style="margin:24px 0"><a href="${escapeHtml(url)}" style="display:inline-block;padding:12px 24px;`,
    `border-radius:8px;background:#1d1c1a;color:#fff;text-decoration:none">${escapeHtml(button)}</a></p>`,
    `<p style="margin:0 0 16px;font-size:13px;word-break:break-all">${escapeHtml(url)}</p>`,
    `<p style="margin:0;font-size:13px;color:#6b6862">${escapeHtml(note)}</p>`,
    `</div></body></html>`,
  ].join("");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}
