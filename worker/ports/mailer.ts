import type { Locale } from "../kernel/locale.ts";

export type Mail = { to: string; subject: string; text: string; html: string; locale: Locale; category: string };

/** Hands one mail to the provider. Throws `mailer.unavailable` (502) when it may be tried again, `mailer.refused` (422) when not. */
export interface Mailer {
  send(mail: Mail): Promise<{ providerId: string }>;
}
