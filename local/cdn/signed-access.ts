import { verify, type KeyObject } from "node:crypto";
import { cannedPolicyText, policyAllows, readPolicy } from "./policy.ts";

/** A viewer's request as far as access depends on it. */
export interface ViewerRequest {
  /** Scheme and host as the viewer wrote them, without a trailing slash. */
  readonly origin: string;
  /** Path and query exactly as received. */
  readonly target: string;
  readonly cookieHeader: string | undefined;
  readonly ip: string;
}

/** Why CloudFront refuses a viewer; always a 403. */
export interface AccessRefusal {
  readonly code: string;
  readonly message: string;
}

interface Credentials {
  readonly policy: string | undefined;
  readonly expires: string | undefined;
  readonly signature: string | undefined;
  readonly keyPairId: string | undefined;
  readonly hashAlgorithm: string | undefined;
}

/** Query parameters that CloudFront keeps for itself: they are no part of the signed resource. */
const RESERVED = new Set(["Policy", "Expires", "Signature", "Key-Pair-Id", "Hash-Algorithm"]);

const DENIED: AccessRefusal = { code: "AccessDenied", message: "Access denied" };
const MISSING_KEY: AccessRefusal = {
  code: "MissingKey",
  message: "Missing Key-Pair-Id query parameter or cookie value",
};
const UNKNOWN_KEY: AccessRefusal = { code: "InvalidKey", message: "Unknown Key" };
const MALFORMED_POLICY: AccessRefusal = { code: "MalformedPolicy", message: "Malformed Policy" };
const MALFORMED_SIGNATURE: AccessRefusal = { code: "MalformedSignature", message: "Could not unencode Signature" };

/**
 * Decides about a path behind signed access; undefined means granted. A signed URL is judged alone, whatever cookies come with it; cookies count
 * only when the URL carries no signature (CloudFront Developer Guide, "Serve private content with signed URLs and signed cookies").
 */
export function refuseViewer(
  request: ViewerRequest,
  keys: ReadonlyMap<string, KeyObject>,
  now: Date,
): AccessRefusal | undefined {
  const { url, reserved, isRepeated } = splitResource(request);
  if (isRepeated) return DENIED;
  const hasSignedUrl = ["Signature", "Policy", "Key-Pair-Id"].some((name) => reserved.has(name));
  const credentials = hasSignedUrl ? fromQuery(reserved) : fromCookies(request.cookieHeader);
  if (!credentials.keyPairId) return MISSING_KEY;
  const key = keys.get(credentials.keyPairId);
  if (key === undefined) return UNKNOWN_KEY;
  const text = policyText(credentials, url);
  if (typeof text !== "string") return text;
  if (!isSigned(text, credentials, key)) return decodeUrlSafe(credentials.signature) ? DENIED : MALFORMED_SIGNATURE;
  const policy = readPolicy(text);
  if (policy === undefined) return MALFORMED_POLICY;
  // A canned policy was rebuilt from this very URL: its resource is no pattern.
  const subject = credentials.policy === undefined ? { ...policy, resource: "*" } : policy;
  return policyAllows(subject, { url, ip: request.ip, now }) ? undefined : DENIED;
}

/** The viewer's URL without the reserved parameters, the others in their order and spelling. */
function splitResource(request: ViewerRequest): { url: string; reserved: Map<string, string>; isRepeated: boolean } {
  const [path, ...rest] = request.target.split("?");
  const query = rest.join("?");
  const reserved = new Map<string, string>();
  let isRepeated = false;
  const own = query.split("&").filter((pair) => {
    const at = pair.indexOf("=");
    const name = at < 0 ? pair : pair.slice(0, at);
    if (!RESERVED.has(name)) return pair !== "";
    isRepeated ||= reserved.has(name);
    reserved.set(name, at < 0 ? "" : decodeLeniently(pair.slice(at + 1)));
    return false;
  });
  const url = request.origin + path + (own.length === 0 ? "" : `?${own.join("&")}`);
  return { url, reserved, isRepeated };
}

function fromQuery(reserved: ReadonlyMap<string, string>): Credentials {
  return {
    policy: reserved.get("Policy"),
    expires: reserved.get("Expires"),
    signature: reserved.get("Signature"),
    keyPairId: reserved.get("Key-Pair-Id"),
    hashAlgorithm: reserved.get("Hash-Algorithm"),
  };
}

/** Of cookies with the same name the first counts: browsers send the one with the longest path first (RFC 6265 §5.4). */
function fromCookies(header: string | undefined): Credentials {
  const cookies = new Map<string, string>();
  for (const pair of (header ?? "").split(";")) {
    const at = pair.indexOf("=");
    const name = pair.slice(0, at).trim();
    if (at > 0 && !cookies.has(name))
      cookies.set(
        name,
        pair
          .slice(at + 1)
          .trim()
          .replace(/^"(.*)"$/, "$1"),
      );
  }
  return {
    policy: cookies.get("CloudFront-Policy"),
    expires: cookies.get("CloudFront-Expires"),
    signature: cookies.get("CloudFront-Signature"),
    keyPairId: cookies.get("CloudFront-Key-Pair-Id"),
    hashAlgorithm: cookies.get("CloudFront-Hash-Algorithm"),
  };
}

function policyText(credentials: Credentials, url: string): string | AccessRefusal {
  if (!credentials.signature) return DENIED;
  if (credentials.policy !== undefined) return decodeUrlSafe(credentials.policy)?.toString() ?? MALFORMED_POLICY;
  if (!/^\d{1,12}$/.test(credentials.expires ?? "")) return DENIED;
  return cannedPolicyText(url, credentials.expires ?? "");
}

function isSigned(text: string, credentials: Credentials, key: KeyObject): boolean {
  const algorithm = { SHA1: "RSA-SHA1", SHA256: "RSA-SHA256" }[credentials.hashAlgorithm ?? "SHA1"];
  const signature = decodeUrlSafe(credentials.signature);
  if (algorithm === undefined || signature === undefined) return false;
  return verify(algorithm, Buffer.from(text), key, signature);
}

/** CloudFront's base64: `-` for `+`, `_` for `=`, `~` for `/`. Undefined for anything that is not exactly that. */
function decodeUrlSafe(text: string | undefined): Buffer | undefined {
  if (text === undefined || !/^[A-Za-z0-9\-~]+_{0,2}$/.test(text)) return undefined;
  const base64 = text.replaceAll("-", "+").replaceAll("_", "=").replaceAll("~", "/");
  const decoded = Buffer.from(base64, "base64");
  return decoded.toString("base64") === base64 ? decoded : undefined;
}

function decodeLeniently(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
