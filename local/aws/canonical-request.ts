import { createHash, createHmac } from "node:crypto";

/** What a signature can cover of an HTTP request: `rawUrl` is the request target exactly as received, `headers` keep every repeated value. */
export interface SignableRequest {
  readonly method: string;
  readonly rawUrl: string;
  readonly headers: NodeJS.Dict<string[]>;
}

/** Percent-encodes everything but RFC 3986 unreserved characters, as SigV4's `UriEncode` does. */
export function uriEncode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Splits a request target into its raw path and raw query, without decoding either. */
export function splitTarget(rawUrl: string): { path: string; query: string } {
  const at = rawUrl.indexOf("?");
  return at < 0 ? { path: rawUrl, query: "" } : { path: rawUrl.slice(0, at), query: rawUrl.slice(at + 1) };
}

/** Decodes a raw query into name and value pairs in the order received. Throws URIError for a broken escape. */
export function queryPairs(query: string): [name: string, value: string][] {
  const decode = (text: string) => decodeURIComponent(text.replaceAll("+", " "));
  return query
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const at = pair.indexOf("=");
      return at < 0 ? [decode(pair), ""] : [decode(pair.slice(0, at)), decode(pair.slice(at + 1))];
    });
}

/** S3 signs the path encoded once and never normalised: each raw segment is decoded and encoded again. Throws URIError for a broken escape. */
export function canonicalS3Path(path: string): string {
  return path
    .split("/")
    .map((segment) => uriEncode(decodeURIComponent(segment)))
    .join("/");
}

/** Every service but S3 signs the normalised path with the already encoded segments encoded a second time. */
export function canonicalServicePath(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") kept.pop();
    else if (segment !== "" && segment !== ".") kept.push(segment);
  }
  const tail = kept.length > 0 && path.endsWith("/") ? "/" : "";
  return `/${kept.map(uriEncode).join("/")}${tail}`;
}

function canonicalQuery(query: string): string {
  const byBytes = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  return queryPairs(query)
    .filter(([name]) => name !== "X-Amz-Signature")
    .map(([name, value]): [string, string] => [uriEncode(name), uriEncode(value)])
    .sort((a, b) => byBytes(a[0], b[0]) || byBytes(a[1], b[1]))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}

function canonicalHeader(request: SignableRequest, name: string): string {
  const values = request.headers[name] ?? [];
  return `${name}:${values.map((value) => value.trim().replace(/\s+/g, " ")).join(",")}\n`;
}

/** The canonical request of AWS Signature Version 4 (AWS General Reference, "Create a canonical request"). */
export function canonicalRequest(
  request: SignableRequest,
  service: string,
  signedHeaders: readonly string[],
  payloadHash: string,
): string {
  const { path, query } = splitTarget(request.rawUrl);
  return [
    request.method,
    service === "s3" ? canonicalS3Path(path) : canonicalServicePath(path),
    canonicalQuery(query),
    signedHeaders.map((name) => canonicalHeader(request, name)).join(""),
    signedHeaders.join(";"),
    payloadHash,
  ].join("\n");
}

/** Hex SHA-256 of text (as UTF-8) or bytes. */
export function sha256Hex(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

/** HMAC-SHA256 of text. */
export function hmacSha256(key: string | Uint8Array, data: string): Buffer {
  return createHmac("sha256", key).update(data).digest();
}

/** The signing key of one day, region and service. */
export function deriveSigningKey(secretAccessKey: string, date: string, region: string, service: string): Buffer {
  const dateKey = hmacSha256(`AWS4${secretAccessKey}`, date);
  return hmacSha256(hmacSha256(hmacSha256(dateKey, region), service), "aws4_request");
}
