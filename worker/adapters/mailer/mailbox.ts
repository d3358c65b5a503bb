import { base64url } from "../../kernel/ids.ts";

/** An encoded word is at most 75 characters (RFC 2047 §2), which leaves 45 bytes of text in base64. */
const ENCODED_BYTES_MAX = 45;

/**
 * `Name <address>` with the name as a mail header can carry it: SES takes ASCII alone, so any other name becomes encoded words of UTF-8
 * (RFC 2047), cut between characters.
 */
export function mailbox(text: string): string {
  const [, name, address] = /^(.*?)\s*<([^<>]+)>$/s.exec(text) ?? [];
  if (name === undefined || address === undefined || /^[ -~]*$/.test(name)) return text;
  return `${encodedWords(name)} <${address}>`;
}

function encodedWords(text: string): string {
  const encoder = new TextEncoder();
  const pieces = [""];
  for (const character of text) {
    const longer = pieces.at(-1) + character;
    if (encoder.encode(longer).length > ENCODED_BYTES_MAX) pieces.push(character);
    else pieces[pieces.length - 1] = longer;
  }
  return pieces.map((piece) => `=?utf-8?B?${base64(encoder.encode(piece))}?=`).join(" ");
}

function base64(bytes: Uint8Array): string {
  const text = base64url(bytes).replaceAll("-", "+").replaceAll("_", "/");
  return text.padEnd(Math.ceil(text.length / 4) * 4, "=");
}
