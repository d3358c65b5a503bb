/** A stretch of a description: plain text, or the address of a page. */
export type Stretch = { text: string; href?: string };

const ADDRESS = /https?:\/\/[^\s<>"'`{}|\\^\u3000-\u303f\uff00-\uffef]+/giu;
/** Marks that end a sentence rather than an address. */
const TRAILING = /[.,:;!?…]+$/u;

/**
 * Cuts a text into plain stretches and links. Only http and https become links, so that no text can run a script; closing marks and
 * brackets that were not opened inside the address stay outside of it. Joined, the stretches are the text again.
 */
export function linkify(text: string): Stretch[] {
  const stretches: Stretch[] = [];
  let at = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = trimmed(match[0]);
    const href = hrefOf(address);
    if (!href) continue;
    if (match.index > at) stretches.push({ text: text.slice(at, match.index) });
    stretches.push({ text: address, href });
    at = match.index + address.length;
  }
  if (at < text.length) stretches.push({ text: text.slice(at) });
  return stretches;
}

function trimmed(address: string): string {
  for (;;) {
    const shorter = withoutClosing(address.replace(TRAILING, ""));
    if (shorter === address) return address;
    address = shorter;
  }
}

function withoutClosing(address: string): string {
  for (const [open, close] of [
    ["(", ")"],
    ["[", "]"],
  ] as const)
    if (address.endsWith(close) && count(address, close) > count(address, open)) return address.slice(0, -1);
  return address;
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}

function hrefOf(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { protocol, hostname, href, username, password } = new URL(address);
  // A name before the host makes an address look like another site's
  const honest = hostname !== "" && username === "" && password === "";
  return honest && (protocol === "http:" || protocol === "https:") ? href : undefined;
}
