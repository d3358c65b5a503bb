import { decodeEncodedWords } from "../mail/encoded-word.ts";
import type { Inbox, StoredMessage } from "../mail/inbox.ts";
import { html, type Markup, page, time } from "./html.ts";

/** The list of messages, newest first, optionally of one recipient. */
export function mailListPage(inbox: Inbox, to: string | undefined): string {
  const messages = inbox.list(to);
  const rows = messages.map(
    (message) =>
      html`<tr>
        <td>${time(message.sentAt)}</td>
        <td class="wide">${message.to.map(decodeEncodedWords).join(", ")}</td>
        <td class="wide"><a href="/mail/${encodeURIComponent(message.id)}">${message.subject || "(no subject)"}</a></td>
        <td class="wide">${decodeEncodedWords(message.from)}</td>
      </tr>`,
  );
  const search = html`<p><form action="/mail"><label>To <input type="email" name="to" value="${to ?? ""}"></label> <button>Filter</button></form>
<form method="post" action="/mail/clear"><button>Delete all</button></form></p>`;
  const table = html`<div class="scroll">
    <table>
      <thead>
        <tr>
          <th>Sent (UTC)</th>
          <th>To</th>
          <th>Subject</th>
          <th>From</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
  const nothing = html`<p class="muted">
    No messages${to !== undefined && ` to ${to}`}. Everything the town sends by e-mail appears here; nothing leaves this
    machine.
  </p>`;
  return page({ title: "Mail", path: "/mail", body: html`${search}${messages.length > 0 ? table : nothing}` });
}

const PARTS = ["html", "text", "headers"] as const;
type Part = (typeof PARTS)[number];

function headersOf(message: StoredMessage): { name: string; value: string }[] {
  const list = (name: string, values: string[]) => (values.length > 0 ? [{ name, value: values.join(", ") }] : []);
  return [
    { name: "From", value: message.from },
    ...list("To", message.to),
    ...list("Cc", message.cc),
    ...list("Bcc", message.bcc),
    ...list("Reply-To", message.replyTo),
    { name: "Subject", value: message.subject },
    { name: "Date", value: new Date(message.sentAt).toUTCString() },
    { name: "Message-ID", value: `<${message.id}@local>` },
    ...message.headers,
    ...message.tags.map((tag) => ({ name: "X-SES-Tag", value: `${tag.name}=${tag.value}` })),
  ];
}

/** Plain text with its web addresses made clickable. */
function linked(text: string): Markup[] {
  return text
    .split(/(https?:\/\/[^\s<>"']+)/)
    .map((piece, index) => (index % 2 === 1 ? html`<a href="${piece}" rel="noreferrer">${piece}</a>` : html`${piece}`));
}

/** The HTML part runs no scripts and cannot reach the page around it; its links open in a tab of their own. */
function frame(content: string): Markup {
  return html`<iframe
    title="HTML part"
    sandbox="allow-popups allow-popups-to-escape-sandbox"
    referrerpolicy="no-referrer"
    srcdoc="${`<base target="_blank">${content}`}"
  ></iframe>`;
}

function partBody(message: StoredMessage, part: Part): Markup {
  if (part === "html" && message.html !== undefined) return frame(message.html);
  if (part === "text" && message.text !== undefined) return html`<pre>${linked(message.text)}</pre>`;
  if (part === "headers")
    return html`<dl>
      ${headersOf(message).map(
        ({ name, value }) =>
          html`<dt>${name}</dt>
            <dd>${decodeEncodedWords(value)}</dd>`,
      )}
    </dl>`;
  return html`<p class="muted">This message has no ${part} part.</p>`;
}

/** One message with its parts behind tabs. */
export function messagePage(message: StoredMessage, wanted: string | null): string {
  const part = PARTS.find((name) => name === wanted) ?? (message.html === undefined ? "text" : "html");
  const tabs = PARTS.map(
    (name) => html`<a href="?part=${name}" ${name === part && html` aria-current="page"`}>${name.toUpperCase()}</a>`,
  );
  const head = html`<dl>
    <dt>From</dt>
    <dd>${decodeEncodedWords(message.from)}</dd>
    <dt>To</dt>
    <dd>${message.to.map(decodeEncodedWords).join(", ")}</dd>
    <dt>Sent (UTC)</dt>
    <dd>${time(message.sentAt)}</dd>
  </dl>`;
  return page({
    title: message.subject || "(no subject)",
    path: "/mail",
    body: html`${head}
      <div class="tabs">${tabs}</div>
      ${partBody(message, part)}`,
  });
}
