import { AwsError } from "../aws/aws-error.ts";
import type { Checksums } from "./checksums.ts";
import { headerOf, headersWithPrefix, s3Errors, type S3Call } from "./s3-call.ts";
import type { ObjectAttributes, StoredObject } from "./stored-object.ts";

const METADATA_BYTES_MAX = 2048;
const DEFAULT_CONTENT_TYPE = "binary/octet-stream";

/** What the headers of an upload say about the object. `aws-chunked` is how it travels, not what it is. */
export function readAttributes(call: S3Call): ObjectAttributes {
  const encodings = (headerOf(call, "content-encoding") ?? "")
    .split(",")
    .map((encoding) => encoding.trim())
    .filter((encoding) => encoding !== "" && encoding !== "aws-chunked");
  const metadata = Object.fromEntries(
    Object.entries(headersWithPrefix(call, "x-amz-meta-")).map(([name, value]) => [name, fromHeaderBytes(value)]),
  );
  requireSmallMetadata(metadata);
  return {
    contentType: headerOf(call, "content-type") ?? DEFAULT_CONTENT_TYPE,
    cacheControl: headerOf(call, "cache-control"),
    contentDisposition: headerOf(call, "content-disposition"),
    contentEncoding: encodings.length === 0 ? undefined : encodings.join(","),
    contentLanguage: headerOf(call, "content-language"),
    expires: headerOf(call, "expires"),
    metadata,
  };
}

/** What the fields of a browser form say about the object. Field names are lower case. */
export function attributesOfForm(fields: ReadonlyMap<string, string>): ObjectAttributes {
  const named = [...fields].filter(([name]) => name.startsWith("x-amz-meta-"));
  const metadata = Object.fromEntries(named.map(([name, value]) => [name.slice("x-amz-meta-".length), value]));
  requireSmallMetadata(metadata);
  return {
    contentType: fields.get("content-type") ?? DEFAULT_CONTENT_TYPE,
    cacheControl: fields.get("cache-control"),
    contentDisposition: fields.get("content-disposition"),
    contentEncoding: fields.get("content-encoding"),
    expires: fields.get("expires"),
    metadata,
  };
}

/** The response headers that describe an object. */
export function objectHeaders(object: StoredObject): Record<string, string> {
  const headers: Record<string, string | undefined> = {
    etag: `"${object.etag}"`,
    "last-modified": object.lastModified.toUTCString(),
    "accept-ranges": "bytes",
    "content-type": object.contentType,
    "cache-control": object.cacheControl,
    "content-disposition": object.contentDisposition,
    "content-encoding": object.contentEncoding,
    "content-language": object.contentLanguage,
    expires: object.expires,
  };
  for (const [name, value] of Object.entries(object.metadata)) headers[`x-amz-meta-${name}`] = toHeaderBytes(value);
  return Object.fromEntries(Object.entries(headers).filter((pair): pair is [string, string] => pair[1] !== undefined));
}

/** Stored checksums as response headers. */
export function checksumHeaders(checksums: Checksums): Record<string, string> {
  const entries = Object.entries(checksums);
  const headers = Object.fromEntries(entries.map(([name, value]) => [`x-amz-checksum-${name}`, value]));
  const [first] = entries;
  return first === undefined ? {} : { ...headers, "x-amz-checksum-type": checksumType(first[1]) };
}

/** Stored checksums as XML elements. */
export function checksumElements(checksums: Checksums): Record<string, string> {
  return Object.fromEntries(Object.entries(checksums).map(([name, value]) => [`Checksum${name.toUpperCase()}`, value]));
}

function checksumType(digest: string): "COMPOSITE" | "FULL_OBJECT" {
  return digest.includes("-") ? "COMPOSITE" : "FULL_OBJECT";
}

/** The `response-…` query parameters of a GET, as the headers they replace. */
export function responseOverrides(call: S3Call): Record<string, string> {
  const names = [
    "content-type",
    "content-language",
    "expires",
    "cache-control",
    "content-disposition",
    "content-encoding",
  ];
  const overrides: Record<string, string> = {};
  for (const name of names) {
    const value = call.query.get(`response-${name}`);
    if (value === undefined) continue;
    if (/\p{Cc}/u.test(value)) {
      throw s3Errors.invalidArgument("Header value cannot be represented.", `response-${name}`, value);
    }
    overrides[name] = toHeaderBytes(value);
  }
  return overrides;
}

function requireSmallMetadata(metadata: Readonly<Record<string, string>>): void {
  const size = Object.entries(metadata).reduce((sum, pair) => sum + Buffer.byteLength(pair.join("")), 0);
  if (size <= METADATA_BYTES_MAX) return;
  throw new AwsError(400, "MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size", {
    Size: String(size),
    MaxSizeAllowed: String(METADATA_BYTES_MAX),
  });
}

/** Node reads header bytes as Latin-1; S3 takes them as UTF-8. */
function fromHeaderBytes(value: string): string {
  return Buffer.from(value, "latin1").toString("utf8");
}

function toHeaderBytes(value: string): string {
  return Buffer.from(value, "utf8").toString("latin1");
}
