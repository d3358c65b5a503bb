import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Message, SendEmailRequest$, type SendEmailRequest } from "@aws-sdk/client-sesv2";
import { readModel } from "../aws/model-json.ts";
import { AwsJsonError, type AwsService, parseJsonBody, sendAwsError, sendAwsJson } from "../aws/rest-json.ts";
import { checkMessage, checkSender } from "./check-message.ts";
import { Inbox, type StoredMessage } from "./inbox.ts";

/** How the stand-in for SES v2 is set up. */
export interface SesOptions {
  /** Parent folder; messages lie in `<dataDir>/mail`. */
  dataDir: string;
  /** Addresses and domains that may send; everybody may when absent. */
  verifiedIdentities?: readonly string[];
  region?: string;
  now?: () => Date;
}

const SEND_EMAIL = "/v2/email/outbound-emails";

/** SES message ids: a time in hexadecimal, a UUID, six digits. */
function newMessageId(now: Date): string {
  return `${now.getTime().toString(16).padStart(12, "0")}${randomUUID().slice(0, 4)}-${randomUUID()}-000000`;
}

function pairs(
  list: readonly { Name: string | undefined; Value: string | undefined }[] = [],
): { name: string; value: string }[] {
  return list.map(({ Name = "", Value = "" }) => ({ name: Name, value: Value }));
}

function storedMessage(request: SendEmailRequest, message: Message, sentAt: Date): StoredMessage {
  const { ToAddresses: to = [], CcAddresses: cc = [], BccAddresses: bcc = [] } = request.Destination ?? {};
  return {
    id: newMessageId(sentAt),
    from: request.FromEmailAddress!,
    to,
    cc,
    bcc,
    replyTo: request.ReplyToAddresses ?? [],
    subject: message.Subject?.Data ?? "",
    text: message.Body?.Text?.Data,
    html: message.Body?.Html?.Data,
    headers: pairs(message.Headers),
    tags: pairs(request.EmailTags),
    sentAt: sentAt.toISOString(),
  };
}

/** Amazon SES v2 on this machine: accepts what SES would accept, sends nothing, and keeps every message in an inbox. */
export class Ses implements AwsService {
  readonly name = "ses";
  /** What was "sent". */
  readonly inbox: Inbox;
  readonly #options: SesOptions;

  constructor(options: SesOptions) {
    this.#options = options;
    this.inbox = new Inbox(options.dataDir);
  }

  /** Loads the messages of earlier runs. Call once, before the first request. */
  start(): Promise<void> {
    return this.inbox.load();
  }

  /** Nothing runs in the background; here for symmetry with the other services. */
  async stop(): Promise<void> {}

  async handle(request: IncomingMessage, response: ServerResponse, body: Uint8Array): Promise<void> {
    try {
      const { pathname } = new URL(request.url ?? "/", "http://local");
      if (request.method !== "POST" || pathname !== SEND_EMAIL) {
        throw new AwsJsonError(404, "NotFoundException", `${request.method} ${pathname} is not implemented locally.`);
      }
      sendAwsJson(response, 200, { MessageId: await this.#send(body) });
    } catch (error) {
      sendAwsError(response, error);
    }
  }

  async #send(body: Uint8Array): Promise<string> {
    const request = readModel<SendEmailRequest>(SendEmailRequest$, parseJsonBody(body));
    const message = checkMessage(request);
    const { verifiedIdentities, region = "ap-northeast-1", now = () => new Date() } = this.#options;
    if (verifiedIdentities) checkSender(request.FromEmailAddress!, verifiedIdentities, region);
    const stored = storedMessage(request, message, now());
    await this.inbox.add(stored);
    return stored.id;
  }
}
