import { AwsError } from "./aws-error.ts";
import { queryPairs, splitTarget, type SignableRequest } from "./canonical-request.ts";

/** SHA-256 of nothing, in hex. */
export const EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
/** The payload hash of a request whose body is not covered by the signature. */
export const UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD";

/** The only algorithm accepted. */
export const ALGORITHM = "AWS4-HMAC-SHA256";
const CLOCK_SKEW_MS_MAX = 15 * 60 * 1000;
const EXPIRES_SECONDS_MAX = 7 * 24 * 60 * 60;
const REQUIRED_QUERY = ["Credential", "Date", "Expires", "SignedHeaders", "Signature"] as const;

/** The one account of a local cloud. `now` decides about skew and expiry. */
export interface SigV4Settings {
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly now: () => Date;
}

/** A parsed credential: who, and the day, region and service the signing key is for. */
export interface Scope {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

/** What a request says about its own signature; dates and key are checked, the signature is not. */
export interface Claim {
  readonly via: "header" | "query";
  readonly scope: Scope;
  readonly amzDate: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly payloadHash: string;
}

/**
 * Reads the header or query form of a signature and checks date, skew, expiry, key and region. Throws AwsError with S3's code.
 */
export function readClaim(request: SignableRequest, settings: SigV4Settings, bodySha256: string | undefined): Claim {
  const query = readQuery(request);
  const header = request.headers["authorization"]?.[0];
  const isPresigned = query.has("X-Amz-Algorithm") || query.has("X-Amz-Credential") || query.has("X-Amz-Signature");
  if (header !== undefined && isPresigned) {
    throw new AwsError(400, "InvalidArgument", "Only one auth mechanism allowed");
  }
  if (header === undefined && !isPresigned) throw new AwsError(403, "AccessDenied", "Access Denied");
  const claim =
    header === undefined
      ? readQueryClaim(request, query, settings)
      : readHeaderClaim(request, header, settings, bodySha256);
  checkScope(claim, settings);
  return claim;
}

function readHeaderClaim(
  request: SignableRequest,
  header: string,
  settings: SigV4Settings,
  bodySha256: string | undefined,
): Claim {
  const malformed = (message: string) =>
    new AwsError(400, "AuthorizationHeaderMalformed", `The authorization header is malformed; ${message}`);
  if (!header.startsWith(`${ALGORITHM} `)) {
    throw new AwsError(
      400,
      "InvalidRequest",
      `The authorization mechanism you have provided is not supported. Please use ${ALGORITHM}.`,
    );
  }
  const part = (name: string) => new RegExp(`(?:^|[,\\s])${name}=([^,\\s]+)`).exec(header.slice(ALGORITHM.length))?.[1];
  const [credential, signedHeaders, signature] = [part("Credential"), part("SignedHeaders"), part("Signature")];
  if (credential === undefined || signedHeaders === undefined || signature === undefined) {
    throw malformed("the authorization header requires three components: Credential, SignedHeaders, and Signature.");
  }
  const scope = parseScope(credential, malformed);
  const amzDate = request.headers["x-amz-date"]?.[0];
  const undated = (): AwsError =>
    new AwsError(403, "AccessDenied", "AWS authentication requires a valid Date or x-amz-date header");
  if (amzDate === undefined) throw undated();
  const signedAt = parseAmzDate(amzDate, undated);
  checkKnownKey(scope, settings);
  const now = settings.now();
  if (Math.abs(now.getTime() - signedAt) > CLOCK_SKEW_MS_MAX) {
    throw new AwsError(
      403,
      "RequestTimeTooSkewed",
      "The difference between the request time and the current time is too large.",
      { RequestTime: amzDate, ServerTime: now.toISOString(), MaxAllowedSkewMilliseconds: String(CLOCK_SKEW_MS_MAX) },
    );
  }
  const declared = request.headers["x-amz-content-sha256"]?.[0];
  if (declared === undefined && (scope.service === "s3" || bodySha256 === undefined)) {
    throw new AwsError(400, "InvalidRequest", "Missing required header for this request: x-amz-content-sha256");
  }
  const payloadHash = declared ?? bodySha256 ?? EMPTY_SHA256;
  return { via: "header", scope, amzDate, signedHeaders: signedHeaders.split(";"), signature, payloadHash };
}

function readQueryClaim(request: SignableRequest, query: ReadonlyMap<string, string>, settings: SigV4Settings): Claim {
  const malformed = (message: string) => new AwsError(400, "AuthorizationQueryParametersError", message);
  const value = (name: string) => query.get(`X-Amz-${name}`) ?? "";
  if (query.get("X-Amz-Algorithm") !== ALGORITHM) throw malformed(`X-Amz-Algorithm only supports "${ALGORITHM}"`);
  if (REQUIRED_QUERY.some((name) => value(name) === "")) {
    throw malformed(
      "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.",
    );
  }
  const scope = parseScope(value("Credential"), malformed);
  const signedAt = parseAmzDate(value("Date"), malformed);
  checkKnownKey(scope, settings);
  if (!/^\d{1,9}$/.test(value("Expires"))) throw malformed("X-Amz-Expires should be a number");
  const expiresSeconds = Number(value("Expires"));
  if (expiresSeconds < 1 || expiresSeconds > EXPIRES_SECONDS_MAX) {
    throw malformed("X-Amz-Expires must be between 1 and 604800 seconds (one week)");
  }
  const now = settings.now().getTime();
  if (signedAt - now > CLOCK_SKEW_MS_MAX) throw new AwsError(403, "AccessDenied", "Request is not yet valid");
  const expiresAt = signedAt + expiresSeconds * 1000;
  if (now > expiresAt) {
    throw new AwsError(403, "AccessDenied", "Request has expired", {
      "X-Amz-Expires": value("Expires"),
      Expires: new Date(expiresAt).toISOString(),
      ServerTime: new Date(now).toISOString(),
    });
  }
  return {
    via: "query",
    scope,
    amzDate: value("Date"),
    signedHeaders: value("SignedHeaders").split(";"),
    signature: value("Signature"),
    payloadHash: query.get("X-Amz-Content-Sha256") ?? request.headers["x-amz-content-sha256"]?.[0] ?? UNSIGNED_PAYLOAD,
  };
}

function readQuery(request: SignableRequest): Map<string, string> {
  const query = new Map<string, string>();
  let pairs: [string, string][];
  try {
    pairs = queryPairs(splitTarget(request.rawUrl).query);
    decodeURIComponent(splitTarget(request.rawUrl).path);
  } catch {
    throw new AwsError(400, "InvalidURI", "Couldn't parse the specified URI.");
  }
  for (const [name, value] of pairs) {
    if (name.startsWith("X-Amz-") && query.has(name)) {
      throw new AwsError(400, "AuthorizationQueryParametersError", `${name} must be specified exactly once`);
    }
    query.set(name, value);
  }
  return query;
}

/** Splits `key/date/region/service/aws4_request`; throws what `malformed` makes. */
export function parseScope(credential: string, malformed: (message: string) => AwsError): Scope {
  const parts = credential.split("/");
  const [service, terminator] = parts.slice(-2);
  const [date, region] = parts.slice(-4, -2);
  const accessKeyId = parts.slice(0, -4).join("/");
  if (parts.length < 5 || !date || !region || !service || terminator !== "aws4_request") {
    throw malformed(
      `the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request", got "${credential}".`,
    );
  }
  return { accessKeyId, date, region, service };
}

/** Milliseconds of a `YYYYMMDDTHHMMSSZ` date; throws what `malformed` makes. */
export function parseAmzDate(text: string, malformed: (message: string) => AwsError): number {
  const iso = text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6.000Z");
  const at = iso === text ? Number.NaN : Date.parse(iso);
  if (Number.isNaN(at)) throw malformed("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
  return at;
}

function checkScope(claim: Claim, settings: SigV4Settings): void {
  const malformed = (message: string, details: Record<string, string> = {}) =>
    claim.via === "header"
      ? new AwsError(400, "AuthorizationHeaderMalformed", `The authorization header is malformed; ${message}`, details)
      : new AwsError(
          400,
          "AuthorizationQueryParametersError",
          `Error parsing the X-Amz-Credential parameter; ${message}`,
          details,
        );
  checkScopeValues(claim.scope, claim.amzDate, settings, malformed);
}

/** Holds a scope to the configured account, its own date and the region. */
export function checkScopeValues(
  scope: Scope,
  amzDate: string,
  settings: SigV4Settings,
  malformed: (message: string, details?: Record<string, string>) => AwsError,
): void {
  checkKnownKey(scope, settings);
  if (scope.date !== amzDate.slice(0, 8)) {
    throw malformed(`Invalid credential date "${scope.date}". This date is not the same as X-Amz-Date: "${amzDate}".`);
  }
  if (scope.region !== settings.region) {
    throw malformed(`the region '${scope.region}' is wrong; expecting '${settings.region}'`, {
      Region: settings.region,
    });
  }
}

function checkKnownKey(scope: Scope, settings: SigV4Settings): void {
  if (scope.accessKeyId === settings.accessKeyId) return;
  throw new AwsError(403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.", {
    AWSAccessKeyId: scope.accessKeyId,
  });
}
