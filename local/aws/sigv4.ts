import { timingSafeEqual } from "node:crypto";
import { AwsError } from "./aws-error.ts";
import {
  canonicalRequest,
  deriveSigningKey,
  hmacSha256,
  queryPairs,
  sha256Hex,
  splitTarget,
  type SignableRequest,
} from "./canonical-request.ts";
import {
  ALGORITHM,
  checkScopeValues,
  parseAmzDate,
  parseScope,
  readClaim,
  UNSIGNED_PAYLOAD,
  type SigV4Settings,
} from "./signature-claim.ts";

export { EMPTY_SHA256, UNSIGNED_PAYLOAD, type SigV4Settings } from "./signature-claim.ts";

/** What a good signature proves, and what is needed to verify the chunks of a streamed body that follows it. */
export interface VerifiedSignature {
  readonly via: "header" | "query" | "form";
  readonly service: string;
  readonly accessKeyId: string;
  /** `YYYYMMDDTHHMMSSZ` as signed. */
  readonly amzDate: string;
  /** `date/region/service/aws4_request`. */
  readonly scope: string;
  readonly signature: string;
  readonly signingKey: Buffer;
  /** What the signer declared about the body: a hex SHA-256, `UNSIGNED-PAYLOAD` or a `STREAMING-…` word. The caller must hold the body to it. */
  readonly payloadHash: string;
}

/**
 * The service named by a request's credential scope, or undefined when the request carries no SigV4 credential. Nothing is verified yet.
 */
export function claimedService(request: SignableRequest): string | undefined {
  const header = request.headers["authorization"]?.[0];
  if (header !== undefined) return /Credential=[^,\s]*\/([^/,\s]+)\/aws4_request/.exec(header)?.[1];
  try {
    const pair = queryPairs(splitTarget(request.rawUrl).query).find(([name]) => name === "X-Amz-Credential");
    return pair === undefined ? undefined : pair[1].split("/").at(-2);
  } catch {
    return undefined;
  }
}

/**
 * Verifies SigV4 header and presigned-query authentication and returns what was proved. `bodySha256` is used as payload hash when a service
 * other than S3 leaves out `x-amz-content-sha256`. Throws AwsError with S3's code for each refusal (S3 API Reference, "Authenticating
 * Requests" and "Error Responses").
 */
export function verifySigV4(request: SignableRequest, settings: SigV4Settings, bodySha256?: string): VerifiedSignature {
  const claim = readClaim(request, settings, bodySha256);
  checkCoverage(request, claim.signedHeaders);
  const { scope } = claim;
  const signingKey = deriveSigningKey(settings.secretAccessKey, scope.date, scope.region, scope.service);
  const scopeText = `${scope.date}/${scope.region}/${scope.service}/aws4_request`;
  const canonical = canonicalRequest(request, scope.service, claim.signedHeaders, claim.payloadHash);
  const stringToSign = [ALGORITHM, claim.amzDate, scopeText, sha256Hex(canonical)].join("\n");
  if (!sameHex(claim.signature, hmacSha256(signingKey, stringToSign))) {
    throw signatureMismatch({
      AWSAccessKeyId: scope.accessKeyId,
      StringToSign: stringToSign,
      CanonicalRequest: canonical,
    });
  }
  return {
    via: claim.via,
    service: scope.service,
    accessKeyId: scope.accessKeyId,
    amzDate: claim.amzDate,
    scope: scopeText,
    signature: claim.signature,
    signingKey,
    payloadHash: claim.payloadHash,
  };
}

/** Verifies the signature of a browser form upload: an HMAC over the base64 policy, as sent. Field names must be lower case. */
export function verifyFormSignature(fields: ReadonlyMap<string, string>, settings: SigV4Settings): VerifiedSignature {
  const missing = ["policy", "x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-signature"].find(
    (name) => !fields.has(name),
  );
  if (missing !== undefined) throw new AwsError(403, "AccessDenied", "Access Denied");
  const field = (name: string) => fields.get(name) ?? "";
  if (field("x-amz-algorithm") !== ALGORITHM) {
    throw new AwsError(400, "InvalidArgument", `${ALGORITHM} is the only supported algorithm`);
  }
  const malformed = (message: string) => new AwsError(400, "InvalidArgument", message);
  const scope = parseScope(field("x-amz-credential"), malformed);
  const amzDate = field("x-amz-date");
  parseAmzDate(amzDate, malformed);
  checkScopeValues(scope, amzDate, settings, malformed);
  if (scope.service !== "s3") throw malformed(`Incorrect service "${scope.service}". This endpoint belongs to "s3".`);
  const signingKey = deriveSigningKey(settings.secretAccessKey, scope.date, scope.region, scope.service);
  if (!sameHex(field("x-amz-signature"), hmacSha256(signingKey, field("policy")))) {
    throw signatureMismatch({ AWSAccessKeyId: scope.accessKeyId, StringToSign: field("policy") });
  }
  return {
    via: "form",
    service: scope.service,
    accessKeyId: scope.accessKeyId,
    amzDate,
    scope: `${scope.date}/${scope.region}/${scope.service}/aws4_request`,
    signature: field("x-amz-signature"),
    signingKey,
    payloadHash: UNSIGNED_PAYLOAD,
  };
}

/** Compares a hex signature with the expected bytes in constant time. */
export function sameHex(claimed: string, expected: Buffer): boolean {
  if (!/^[0-9a-f]{64}$/.test(claimed)) return false;
  return timingSafeEqual(Buffer.from(claimed, "hex"), expected);
}

/** The refusal of every wrong signature. */
export function signatureMismatch(details: Record<string, string> = {}): AwsError {
  return new AwsError(
    403,
    "SignatureDoesNotMatch",
    "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
    details,
  );
}

function checkCoverage(request: SignableRequest, signedHeaders: readonly string[]): void {
  const signed = new Set(signedHeaders);
  const present = Object.keys(request.headers).filter((name) => name === "host" || name.startsWith("x-amz-"));
  const uncovered = present.filter((name) => !signed.has(name));
  if (!signed.has("host") && !uncovered.includes("host")) uncovered.push("host");
  if (uncovered.length === 0) return;
  throw new AwsError(403, "AccessDenied", "There were headers present in the request which were not signed", {
    HeadersNotSigned: uncovered.join(", "),
  });
}
