/** Costs of argon2id: memory in KiB, passes, lanes. */
export type Argon2Cost = { readonly memoryKib: number; readonly passes: number; readonly lanes: number };
export type Argon2Hash = Argon2Cost & { readonly salt: Uint8Array; readonly tag: Uint8Array };

/** `$argon2id$v=19$m=…,t=…,p=…$salt$tag` (PHC string format; RFC 9106 §3.1 names the parameters). */
const PHC =
  /^\$argon2id\$v=19\$m=([1-9]\d{0,6}),t=([1-9]\d{0,2}),p=([1-9]\d?)\$([A-Za-z0-9+/]{11,64})\$([A-Za-z0-9+/]{16,86})$/;

/** Reads a PHC string; null when it is not one of argon2id version 1.3. */
export function parsePhc(text: string): Argon2Hash | null {
  const [, memory, passes, lanes, salt, tag] = PHC.exec(text) ?? [];
  if (!memory || !passes || !lanes || !salt || !tag) return null;
  const saltBytes = bytesOf(salt);
  const tagBytes = bytesOf(tag);
  if (!saltBytes || !tagBytes) return null;
  return {
    memoryKib: Number(memory),
    passes: Number(passes),
    lanes: Number(lanes),
    salt: saltBytes,
    tag: tagBytes,
  };
}

export function formatPhc({ memoryKib, passes, lanes, salt, tag }: Argon2Hash): string {
  return `$argon2id$v=19$m=${memoryKib},t=${passes},p=${lanes}$${base64(salt)}$${base64(tag)}`;
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replace(/=+$/, "");
}

function bytesOf(text: string): Uint8Array | null {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}
