import { addMs, type Clock, MINUTE_MS, SECOND_MS, systemClock } from "../../kernel/time.ts";
import type { Cdn } from "../../ports/cdn.ts";
import { cdnErrors } from "./errors.ts";

export type CloudFrontOptions = {
  /** The distribution, without a trailing slash. */
  origin: string;
  /** Id of the public key in the distribution's key group. */
  keyPairId: string;
  /** RSA private key in PKCS#8: PEM, or the bare base64 inside it. */
  privateKey: string;
  clock?: Clock;
  fetch?: typeof fetch;
};

const READ_SIGNATURE_MS = MINUTE_MS;
const READ_TIMEOUT_MS = 5 * SECOND_MS;
const RSA_SHA256 = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" } as const;

/**
 * CloudFront signed URLs with a custom policy, RSA-SHA256 (CloudFront developer guide, "Create a signed URL using a custom policy").
 * The query string is byte for byte that of `@aws-sdk/cloudfront-signer` with `algorithm: "SHA256"`.
 * `readText` takes 404 alone for "not there"; whatever else is not 200 is `cdn.unavailable`, so the distribution must be allowed to list the
 * bucket: without that S3 answers 403 to a missing key and to a wrong signature alike.
 */
export function makeCloudFront(options: CloudFrontOptions): Cdn {
  const { origin, keyPairId, clock = systemClock, fetch: fetchUrl = fetch } = options;
  let key: CryptoKey | undefined;
  const sign = async (resource: string, expiresAt: Date): Promise<string> => {
    const policy = new TextEncoder().encode(customPolicy(resource, expiresAt));
    key ??= await importPrivateKey(options.privateKey);
    const signature = await crypto.subtle.sign(RSA_SHA256.name, key, policy);
    return [
      `Policy=${cloudFrontBase64(policy)}`,
      `Key-Pair-Id=${encodeURIComponent(keyPairId)}`,
      `Signature=${cloudFrontBase64(new Uint8Array(signature))}`,
      "Hash-Algorithm=SHA256",
    ].join("&");
  };
  const url = (objectKey: string) => `${origin}/${objectKey}`;
  return {
    url,
    signPrefix: (prefix, expiresAt) => sign(`${url(prefix)}*`, expiresAt),
    readText: async (objectKey) => {
      const address = url(objectKey);
      const signed = `${address}?${await sign(address, addMs(clock(), READ_SIGNATURE_MS))}`;
      let response: Response;
      try {
        response = await fetchUrl(signed, { signal: AbortSignal.timeout(READ_TIMEOUT_MS) });
        if (response.ok) return new TextDecoder().decode(await response.arrayBuffer());
        await response.body?.cancel();
      } catch (cause) {
        throw cdnErrors.unavailable({ cause });
      }
      if (response.status === 404) return null;
      throw cdnErrors.unavailable({ cause: new Error(`the CDN answered ${response.status}`) });
    },
  };
}

/** The policy's exact text: CloudFront hashes these bytes, so no whitespace and this order of members. */
function customPolicy(resource: string, expiresAt: Date): string {
  const epochS = Math.round(expiresAt.getTime() / SECOND_MS);
  return JSON.stringify({
    Statement: [{ Resource: resource, Condition: { DateLessThan: { "AWS:EpochTime": epochS } } }],
  });
}

/** Base64 with the three characters that a query string cannot carry replaced, padding kept. */
function cloudFrontBase64(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("=", "_").replaceAll("/", "~");
}

/** Line breaks may be real or the two characters `\n`, as an environment file writes them. */
async function importPrivateKey(text: string): Promise<CryptoKey> {
  const base64 = text.replace(/-----(?:BEGIN|END) PRIVATE KEY-----/g, "").replace(/\\n|\s/g, "");
  try {
    const der = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    return await crypto.subtle.importKey("pkcs8", der, RSA_SHA256, false, ["sign"]);
  } catch {
    // The cause would quote the key
    throw new Error("the CDN's private key is not an RSA key in PKCS#8");
  }
}
