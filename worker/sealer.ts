import type { Provider, Sealer } from "./context.ts";
import { base64url } from "./kernel/ids.ts";

/** Keys derived from the town's one secret, a different one for each purpose (HMAC-SHA-256 both ways; RFC 2104). */
export function makeSealer(secret: string, providerKeys: Readonly<Record<Provider, string>>): Sealer {
  const encoder = new TextEncoder();
  const keys = new Map<string, Promise<CryptoKey>>();
  const importKey = (bytes: BufferSource) =>
    crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign", "verify"]);
  const keyFor = (purpose: string): Promise<CryptoKey> => {
    let key = keys.get(purpose);
    if (!key) {
      key = importKey(encoder.encode(secret))
        .then((root) => crypto.subtle.sign("HMAC", root, encoder.encode(purpose)))
        .then(importKey);
      keys.set(purpose, key);
    }
    return key;
  };
  const sign = async (purpose: string, text: string) =>
    crypto.subtle.sign("HMAC", await keyFor(purpose), encoder.encode(text));
  return {
    mac: async (purpose, text) => base64url(new Uint8Array(await sign(purpose, text))),
    matches: async (purpose, text, mac) => {
      const bytes = bytesOf(mac);
      return bytes !== undefined && crypto.subtle.verify("HMAC", await keyFor(purpose), bytes, encoder.encode(text));
    },
    // WebCrypto's verification is the one comparison that is constant in time everywhere we run.
    isKeyOf: async (provider, text) => {
      const purpose = `provider ${provider}`;
      const expected = await sign(purpose, providerKeys[provider]);
      return crypto.subtle.verify("HMAC", await keyFor(purpose), expected, encoder.encode(text));
    },
  };
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(base64.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  } catch {
    return undefined;
  }
}
