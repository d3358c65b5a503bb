import { AwsError } from "../aws/aws-error.ts";
import { corsConfigurationTree, readCorsConfiguration } from "./cors.ts";
import { continuationToken, listPage, readContinuationToken } from "./listing.ts";
import { isBucketName, type StoredObject } from "./object-disk.ts";
import { readPayload } from "./payload.ts";
import { s3Errors, sendEmpty, sendXml, type S3Call } from "./s3-call.ts";
import { parseXml, textOf, type XmlElement } from "./xml.ts";

const CONFIGURATION_BYTES_MAX = 64 * 1024;
const KEYS_MAX = 1000;

/** ListBuckets. */
export async function listBuckets(call: S3Call): Promise<void> {
  const buckets = await call.disk.listBuckets();
  sendXml(call, "ListAllMyBucketsResult", {
    Owner: { ID: "local", DisplayName: "local" },
    Buckets: {
      Bucket: buckets.map(({ name, createdAt }) => ({ Name: name, CreationDate: createdAt.toISOString() })),
    },
  });
}

/** CreateBucket: 409 for a bucket that is there (outside us-east-1), 400 for an impossible name or another region. */
export async function createBucket(call: S3Call): Promise<void> {
  if (!isBucketName(call.bucket)) {
    throw new AwsError(400, "InvalidBucketName", "The specified bucket is not valid.", { BucketName: call.bucket });
  }
  const hasBody = Number(call.request.headers["content-length"] ?? 0) > 0;
  const body = hasBody ? await readXml(call, CONFIGURATION_BYTES_MAX) : undefined;
  const location = body === undefined ? undefined : textOf(body, "LocationConstraint");
  if (location !== undefined && location !== "" && location !== call.region) {
    throw new AwsError(
      400,
      "IllegalLocationConstraintException",
      `The ${location} location constraint is incompatible for the region specific endpoint this request was sent to.`,
    );
  }
  const isNew = await call.disk.createBucket(call.bucket);
  if (!isNew && call.region !== "us-east-1") {
    throw new AwsError(
      409,
      "BucketAlreadyOwnedByYou",
      "Your previous request to create the named bucket succeeded and you already own it.",
      { BucketName: call.bucket },
    );
  }
  sendEmpty(call, 200, { location: `/${call.bucket}` });
}

/** HeadBucket. */
export async function headBucket(call: S3Call): Promise<void> {
  sendEmpty(call, 200, { "x-amz-bucket-region": call.region });
}

/** DeleteBucket: 409 unless it is empty. */
export async function deleteBucket(call: S3Call): Promise<void> {
  if (!(await call.disk.deleteBucket(call.bucket))) {
    throw new AwsError(409, "BucketNotEmpty", "The bucket you tried to delete is not empty", {
      BucketName: call.bucket,
    });
  }
  sendEmpty(call, 204);
}

/** GetBucketLocation: LocationConstraint is this region, empty in us-east-1. */
export async function getBucketLocation(call: S3Call): Promise<void> {
  sendXml(call, "LocationConstraint", call.region === "us-east-1" ? "" : call.region);
}

/** GetBucketVersioning: always off. */
export async function getBucketVersioning(call: S3Call): Promise<void> {
  sendXml(call, "VersioningConfiguration", {});
}

/** PutBucketCors. */
export async function putBucketCors(call: S3Call): Promise<void> {
  const rules = readCorsConfiguration(await readXml(call, CONFIGURATION_BYTES_MAX));
  await call.disk.setCors(call.bucket, rules);
  sendEmpty(call, 200);
}

/** GetBucketCors: 404 NoSuchCORSConfiguration without one. */
export async function getBucketCors(call: S3Call): Promise<void> {
  const rules = await call.disk.getCors(call.bucket);
  if (rules === undefined) {
    throw new AwsError(404, "NoSuchCORSConfiguration", "The CORS configuration does not exist", {
      BucketName: call.bucket,
    });
  }
  sendXml(call, "CORSConfiguration", corsConfigurationTree(rules));
}

/** DeleteBucketCors. */
export async function deleteBucketCors(call: S3Call): Promise<void> {
  await call.disk.setCors(call.bucket, undefined);
  sendEmpty(call, 204);
}

/** ListObjectsV2, and ListObjects (version 1) when `list-type` is absent. */
export async function listObjects(call: S3Call): Promise<void> {
  const isV2 = call.query.get("list-type") === "2";
  const prefix = call.query.get("prefix") ?? "";
  const delimiter = call.query.get("delimiter") ?? "";
  const entriesMax = readCount(call, "max-keys");
  const page = listPage(await call.disk.list(call.bucket, prefix), {
    prefix,
    delimiter,
    entriesMax,
    after: isV2 ? startOfPage(call) : (call.query.get("marker") ?? ""),
  });
  const encode = listEncoder(call);
  const content = {
    Name: call.bucket,
    Prefix: encode(prefix),
    ...(delimiter === "" ? {} : { Delimiter: encode(delimiter) }),
    MaxKeys: entriesMax,
    EncodingType: call.query.get("encoding-type"),
    IsTruncated: page.next !== undefined,
    Contents: page.items.map((object) =>
      listedObject(object, encode, isV2 && call.query.get("fetch-owner") !== "true"),
    ),
    CommonPrefixes: page.commonPrefixes.map((group) => ({ Prefix: encode(group) })),
  };
  const paging = isV2
    ? {
        KeyCount: page.items.length + page.commonPrefixes.length,
        StartAfter: encodeIfSet(call.query.get("start-after"), encode),
        ContinuationToken: call.query.get("continuation-token"),
        NextContinuationToken: page.next === undefined ? undefined : continuationToken(page.next),
      }
    : {
        Marker: encode(call.query.get("marker") ?? ""),
        NextMarker: delimiter === "" ? undefined : encodeIfSet(page.next, encode),
      };
  sendXml(call, "ListBucketResult", { ...content, ...paging });
}

function listedObject(object: StoredObject, encode: (text: string) => string, withoutOwner: boolean) {
  const algorithms = Object.keys(object.checksums).map((name) => name.toUpperCase());
  return {
    Key: encode(object.key),
    LastModified: object.lastModified.toISOString(),
    ETag: `"${object.etag}"`,
    ChecksumAlgorithm: algorithms,
    Size: object.size,
    StorageClass: "STANDARD",
    Owner: withoutOwner ? undefined : { ID: "local", DisplayName: "local" },
  };
}

function startOfPage(call: S3Call): string {
  const token = call.query.get("continuation-token");
  if (token === undefined) return call.query.get("start-after") ?? "";
  const after = readContinuationToken(token);
  if (after === undefined) {
    throw s3Errors.invalidArgument("The continuation token provided is incorrect", "continuation-token", token);
  }
  return after;
}

/** A `max-…` query parameter: 0 to 1000, and 1000 when it is absent or larger. */
export function readCount(call: S3Call, name: string): number {
  const text = call.query.get(name);
  if (text === undefined || text === "") return KEYS_MAX;
  if (!/^\d{1,9}$/.test(text)) {
    throw s3Errors.invalidArgument(`Provided ${name} not an integer or within integer range`, name, text);
  }
  return Math.min(Number(text), KEYS_MAX);
}

/** How this listing writes keys: as they are, or percent-encoded on the client's wish. */
export function listEncoder(call: S3Call): (text: string) => string {
  const wanted = call.query.get("encoding-type");
  if (wanted === undefined) return (text) => text;
  if (wanted !== "url") {
    throw s3Errors.invalidArgument("Invalid Encoding Method specified in Request", "encoding-type", wanted);
  }
  return (text) => encodeURIComponent(text).replaceAll("%2F", "/");
}

function encodeIfSet(text: string | undefined, encode: (text: string) => string): string | undefined {
  return text === undefined ? undefined : encode(text);
}

/** Reads and parses an XML body. Throws MalformedXML. */
export async function readXml(call: S3Call, bytesMax: number): Promise<XmlElement> {
  const body = await readPayload(call, bytesMax);
  try {
    return parseXml(Buffer.from(body).toString("utf8"));
  } catch (error) {
    if (error instanceof SyntaxError) throw s3Errors.malformedXml();
    throw error;
  }
}
