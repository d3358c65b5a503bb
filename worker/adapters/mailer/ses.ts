import { SECOND_MS } from "../../kernel/time.ts";
import { mailerErrors } from "./errors.ts";
import { mailbox } from "./mailbox.ts";
import type { Mail, Mailer } from "../../ports/mailer.ts";

export type SesOptions = {
  region: string;
  /** Absent with AWS itself. */
  endpoint?: string | undefined;
  accessKeyId: string;
  secretAccessKey: string;
  /** `Hiroba <no-reply@example.com>`; its domain is verified in SES. */
  from: string;
};

const SEND_TIMEOUT_MS = 10 * SECOND_MS;
/** What SES says about the mail itself (SES API v2, SendEmail → Errors). The rest is about the account or the moment, and may be tried again. */
const REFUSALS = new Set(["MessageRejected", "BadRequestException"]);

/** Sends through Amazon SES (API v2). Tries once: whoever calls decides whether a second mail is better than none. */
export function makeSesMailer(options: SesOptions): Mailer {
  const { region, endpoint, accessKeyId, secretAccessKey, from } = options;
  const load = async () => {
    const { SESv2Client, SendEmailCommand } = await import("./ses-sdk.ts");
    const client = new SESv2Client({
      region,
      ...(endpoint ? { endpoint } : {}),
      credentials: { accessKeyId, secretAccessKey },
      maxAttempts: 1,
    });
    return { client, SendEmailCommand };
  };
  let loaded: Awaited<ReturnType<typeof load>> | undefined;
  return {
    send: async (mail) => {
      loaded ??= await load();
      const { client, SendEmailCommand } = loaded;
      try {
        const command = new SendEmailCommand(emailOf(mail, from));
        const { MessageId } = await client.send(command, { abortSignal: AbortSignal.timeout(SEND_TIMEOUT_MS) });
        return { providerId: MessageId ?? "" };
      } catch (error) {
        throw refuses(error) ? mailerErrors.refused({ cause: error }) : mailerErrors.unavailable({ cause: error });
      }
    },
  };
}

function emailOf({ to, subject, text, html, locale, category }: Mail, from: string) {
  const utf8 = (data: string) => ({ Data: data, Charset: "UTF-8" });
  return {
    FromEmailAddress: mailbox(from),
    Destination: { ToAddresses: [to] },
    Content: {
      Simple: {
        Subject: utf8(subject.replace(/[\r\n]+/g, " ")),
        Body: { Text: utf8(text), Html: utf8(html) },
        Headers: [
          { Name: "Content-Language", Value: locale },
          // Answers by machines (out of office) are of use to nobody (RFC 3834)
          { Name: "Auto-Submitted", Value: "auto-generated" },
        ],
      },
    },
    EmailTags: [{ Name: "category", Value: category }],
  };
}

/** An identity that is not verified is our setup, though SES answers it with the same `MessageRejected` as a bad mail. */
function refuses(error: unknown): boolean {
  return error instanceof Error && REFUSALS.has(error.name) && !/not verified/i.test(error.message);
}
