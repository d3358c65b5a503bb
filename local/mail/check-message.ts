import type { Body, Message, MessageTag, SendEmailRequest } from "@aws-sdk/client-sesv2";
import { AwsJsonError, badRequest } from "../aws/rest-json.ts";
import { bareAddress } from "./inbox.ts";

const MAX_RECIPIENTS = 50;
const MAX_MESSAGE_BYTES = 40 * 1024 * 1024;
const ADDRESS =
  /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9-]{1,63}$/;
const PRINTABLE_ASCII = /^[ -~]*$/;
const HEADER_NAME = /^[!-9;-~]{1,126}$/;
const HEADER_VALUE = /^[ -~]{0,870}$/;
const TAG = /^[A-Za-z0-9_.@-]{1,256}$/;

/** Headers SES writes itself or takes from other members of the request. */
const OWN_HEADERS = new Set([
  "from",
  "to",
  "cc",
  "bcc",
  "subject",
  "reply-to",
  "return-path",
  "sender",
  "date",
  "message-id",
  "mime-version",
  "content-type",
]);

/**
 * A mailbox must be `address` or `Name <address>` in printable ASCII: SES has no SMTPUTF8, names in other scripts are RFC 2047 encoded words
 * (SES API reference, `FromEmailAddress`). Line ends would inject headers and are refused like everything else outside that range.
 */
function checkMailbox(mailbox: string, path: string): void {
  if (!PRINTABLE_ASCII.test(mailbox)) {
    throw badRequest(`${path}: contains line ends or characters outside ASCII; encode names as RFC 2047 encoded words`);
  }
  const named = /^[^<>]*<([^<>]+)>$/.exec(mailbox);
  if (!ADDRESS.test(named?.[1] ?? mailbox)) throw badRequest(`${path}: Missing final '@domain' or illegal address`);
}

function checkBody(body: Body | undefined): void {
  if (!body?.Text && !body?.Html) throw badRequest("/Content/Simple/Body: should have Text or Html");
}

function checkHeaders(message: Message): void {
  for (const [index, { Name = "", Value = "" }] of (message.Headers ?? []).entries()) {
    const path = `/Content/Simple/Headers/${index}`;
    if (!HEADER_NAME.test(Name)) throw badRequest(`${path}/Name: is not a valid header name`);
    if (!HEADER_VALUE.test(Value))
      throw badRequest(`${path}/Value: should be printable ASCII on one line, at most 870 characters`);
    if (OWN_HEADERS.has(Name.toLowerCase())) throw badRequest(`${path}/Name: ${Name} cannot be set as an extra header`);
  }
}

function checkSubject(subject: string): void {
  if (/\p{Cc}/u.test(subject)) throw badRequest("/Content/Simple/Subject/Data: contains control characters");
}

function checkEnvelope(request: SendEmailRequest): void {
  if (!request.FromEmailAddress) throw badRequest("/FromEmailAddress: is a required property");
  checkMailbox(request.FromEmailAddress, "/FromEmailAddress");
  const { ToAddresses = [], CcAddresses = [], BccAddresses = [] } = request.Destination ?? {};
  const recipients = [...ToAddresses, ...CcAddresses, ...BccAddresses];
  if (recipients.length === 0) throw badRequest("/Destination: should have at least one recipient");
  if (recipients.length > MAX_RECIPIENTS) throw badRequest(`/Destination: Recipient count exceeds ${MAX_RECIPIENTS}.`);
  for (const mailbox of recipients) checkMailbox(mailbox, "/Destination");
  for (const mailbox of request.ReplyToAddresses ?? []) checkMailbox(mailbox, "/ReplyToAddresses");
}

function checkTags(tags: readonly MessageTag[]): void {
  const isFine = ({ Name = "", Value = "" }: MessageTag) => TAG.test(Name) && TAG.test(Value);
  if (!tags.every(isFine)) throw badRequest("/EmailTags: names and values are letters, digits and _ - . @");
}

/** The message of a request that may be sent. Throws `BadRequestException` for what SES would refuse or this stand-in does not implement. */
export function checkMessage(request: SendEmailRequest): Message {
  const message = request.Content?.Simple;
  if (!message) throw badRequest("/Content: only Simple content is implemented locally");
  if (request.ListManagementOptions) throw badRequest("/ListManagementOptions: is not implemented locally");
  checkEnvelope(request);
  checkSubject(message.Subject?.Data ?? "");
  checkBody(message.Body);
  checkHeaders(message);
  checkTags(request.EmailTags ?? []);
  const bytes = new TextEncoder().encode(JSON.stringify(message)).length;
  if (bytes > MAX_MESSAGE_BYTES)
    throw new AwsJsonError(400, "MessageRejected", `Message length is more than ${MAX_MESSAGE_BYTES} bytes long.`);
  return message;
}

/** Throws `MessageRejected` unless the sender is a verified address, or belongs to a verified domain or to one of its subdomains. */
export function checkSender(from: string, verifiedIdentities: readonly string[], region: string): void {
  const address = bareAddress(from);
  const domain = address.slice(address.lastIndexOf("@") + 1);
  const isVerified = verifiedIdentities
    .map((identity) => identity.toLowerCase())
    .some((identity) => identity === address || identity === domain || domain.endsWith(`.${identity}`));
  if (isVerified) return;
  const message = `Email address is not verified. The following identities failed the check in region ${region.toUpperCase()}: ${address}`;
  throw new AwsJsonError(400, "MessageRejected", message);
}
