import * as z from "zod";

/** Every kind of thing that carries an id, and the prefix that its ids show in the database, the API, logs and object names. */
export const ID_PREFIXES = {
  user: "usr",
  session: "ses",
  token: "tok",
  channel: "chn",
  video: "vid",
  upload: "upl",
  job: "job",
  playback: "ply",
  event: "evt",
  audit: "aud",
  deadLetter: "dlq",
  request: "req",
  organization: "org",
} as const;

export type IdKind = keyof typeof ID_PREFIXES;
export type Id<K extends IdKind> = `${(typeof ID_PREFIXES)[K]}_${string}`;

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const BODY = /^[0-7][0-9a-hjkmnp-tv-z]{25}$/;

/**
 * A new id: the kind's prefix and a UUIDv7 (RFC 9562 §5.7) in 26 characters of Crockford base32, so that text order is order of creation
 * to the millisecond.
 */
export function newId<K extends IdKind>(kind: K, now: Date, random: Uint8Array = randomBytes(10)): Id<K> {
  const bytes = new Uint8Array(16);
  let milliseconds = now.getTime();
  for (let i = 5; i >= 0; i--) {
    bytes[i] = milliseconds % 256;
    milliseconds = Math.floor(milliseconds / 256);
  }
  bytes.set(random.subarray(0, 10), 6);
  bytes[6] = 0x70 | (bytes[6]! & 0x0f);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  return `${ID_PREFIXES[kind]}_${base32(bytes)}` as Id<K>;
}

/** Whether a text is a well-formed id of this kind. Says nothing about existence. */
export function isId<K extends IdKind>(kind: K, text: unknown): text is Id<K> {
  if (typeof text !== "string") return false;
  const prefix = `${ID_PREFIXES[kind]}_`;
  return text.startsWith(prefix) && BODY.test(text.slice(prefix.length));
}

/** The zod schema of an id of this kind. */
export function idSchema<K extends IdKind>(kind: K): z.ZodType<Id<K>, Id<K>> {
  return z.custom<Id<K>>((value) => isId(kind, value), { error: `id:${ID_PREFIXES[kind]}` });
}

/** The instant at which an id was made, in milliseconds since 1970. */
export function idTime(id: Id<IdKind>): number {
  const body = id.slice(id.indexOf("_") + 1);
  let value = 0;
  for (const character of body.slice(0, 10)) value = value * 32 + ALPHABET.indexOf(character);
  return value;
}

/** A secret for a token: 256 random bits as base64url (43 characters). */
export function newSecret(): string {
  return base64url(randomBytes(32));
}

export function randomBytes(count: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(count));
}

export function base64url(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** 128 bits in 26 characters, most significant first; the first character holds three bits. The inverse reads the time from ten characters. */
function base32(bytes: Uint8Array): string {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  let text = "";
  for (let i = 0; i < 26; i++) {
    text = ALPHABET[Number(value & 31n)]! + text;
    value >>= 5n;
  }
  return text;
}
