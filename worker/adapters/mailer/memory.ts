import type { Mail, Mailer } from "../../ports/mailer.ts";

/** Keeps mails instead of sending them, for tests of verbs. */
export function makeMemoryMailer(): Mailer & { readonly sent: readonly Mail[] } {
  const sent: Mail[] = [];
  return {
    sent,
    send: async (mail) => {
      sent.push(mail);
      return { providerId: `memory-${sent.length}` };
    },
  };
}
