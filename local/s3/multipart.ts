import { AwsError } from "../aws/aws-error.ts";
import { listEncoder, readCount, readXml } from "./buckets.ts";
import {
  base64,
  CHECKSUM_ALGORITHMS,
  startChecksum,
  type ChecksumAlgorithm,
  type Checksums,
  type RunningDigest,
} from "./checksums.ts";
import { planRange } from "./conditions.ts";
import { listPage } from "./listing.ts";
import { checksumElements, checksumHeaders, readAttributes } from "./object-headers.ts";
import { announceCreated, readAlgorithm, readCopySource, writePrecondition } from "./objects.ts";
import { badChecksum, openPayload } from "./payload.ts";
import { headerOf, s3Errors, sendEmpty, sendXml, type S3Call } from "./s3-call.ts";
import type { MultipartUpload, StoredObject, StoredPart } from "./stored-object.ts";
import { childrenOf, textOf, type XmlElement } from "./xml.ts";

const PART_NUMBER_MAX = 10_000;
const PART_BYTES_MIN = 5 * 1024 * 1024;
const COMPLETE_XML_BYTES_MAX = 8 * 1024 * 1024;

/** CreateMultipartUpload. */
export async function createMultipartUpload(call: S3Call): Promise<void> {
  const algorithm = readAlgorithm(call, "x-amz-checksum-algorithm");
  const asked = headerOf(call, "x-amz-checksum-type")?.toUpperCase();
  const checksumType = algorithm === undefined ? undefined : checksumTypeOf(algorithm, asked);
  const upload = await call.disk.uploads.create(call.bucket, call.key, {
    ...readAttributes(call),
    metadata: readAttributes(call).metadata ?? {},
    checksumAlgorithm: algorithm,
    checksumType,
  });
  const headers: Record<string, string> =
    algorithm === undefined || checksumType === undefined
      ? {}
      : { "x-amz-checksum-algorithm": algorithm.toUpperCase(), "x-amz-checksum-type": checksumType };
  const content = { Bucket: call.bucket, Key: call.key, UploadId: upload.uploadId };
  sendXml(call, "InitiateMultipartUploadResult", content, headers);
}

function checksumTypeOf(algorithm: ChecksumAlgorithm, asked: string | undefined): "COMPOSITE" | "FULL_OBJECT" {
  const type = asked ?? (algorithm === "crc64nvme" ? "FULL_OBJECT" : "COMPOSITE");
  const isPossible = type === "COMPOSITE" ? algorithm !== "crc64nvme" : algorithm.startsWith("crc");
  if ((type === "COMPOSITE" || type === "FULL_OBJECT") && isPossible) return type;
  throw new AwsError(
    400,
    "InvalidRequest",
    `The ${type} checksum type cannot be used with the ${algorithm} checksum algorithm.`,
  );
}

/** UploadPart: numbers 1 to 10000, a later part replaces an earlier one of its number. */
export async function uploadPart(call: S3Call): Promise<void> {
  const partNumber = readPartNumber(call);
  const upload = await requireUpload(call);
  const payload = openPayload(call, upload.checksumAlgorithm);
  const part = await call.disk.uploads.putPart(upload, partNumber, payload.bytes, payload.checksums);
  if (part === undefined) throw s3Errors.noSuchUpload(upload.uploadId);
  const { "x-amz-checksum-type": _whole, ...checksums } = checksumHeaders(part.checksums);
  sendEmpty(call, 200, { etag: `"${part.etag}"`, ...checksums });
}

/** UploadPartCopy, whole or by range. */
export async function uploadPartCopy(call: S3Call): Promise<void> {
  const partNumber = readPartNumber(call);
  const upload = await requireUpload(call);
  const { bucket, object } = await readCopySource(call);
  const range = headerOf(call, "x-amz-copy-source-range");
  const plan = range === undefined ? { status: 200 as const } : planRange(range, object.size);
  if (plan.status === 416 || (range !== undefined && plan.status !== 206)) {
    const message =
      "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets";
    throw s3Errors.invalidArgument(message, "x-amz-copy-source-range", range ?? "");
  }
  const opened = await call.disk.openObject(bucket, object.key);
  if (opened === undefined) throw s3Errors.noSuchKey(object.key);
  const bytes = opened.handle.createReadStream(plan.status === 206 ? { start: plan.start, end: plan.end } : {});
  const { checksumAlgorithm: algorithm } = upload;
  const running = algorithm === undefined ? undefined : startChecksum(algorithm);
  const checksums = (): Checksums => (running && algorithm ? { [algorithm]: base64(running.digest()) } : {});
  const part = await call.disk.uploads.putPart(upload, partNumber, seen(bytes, running), checksums);
  if (part === undefined) throw s3Errors.noSuchUpload(upload.uploadId);
  sendXml(call, "CopyPartResult", {
    LastModified: part.lastModified.toISOString(),
    ETag: `"${part.etag}"`,
    ...checksumElements(part.checksums),
  });
}

async function* seen(bytes: AsyncIterable<Uint8Array>, digest: RunningDigest | undefined): AsyncGenerator<Uint8Array> {
  for await (const piece of bytes) {
    digest?.update(piece);
    yield piece;
  }
}

/** CompleteMultipartUpload: known parts in ascending order, each but the last of at least 5 MiB. */
export async function completeMultipartUpload(call: S3Call): Promise<void> {
  const upload = await requireUpload(call);
  const root = await readXml(call, COMPLETE_XML_BYTES_MAX);
  const parts = chooseParts(root, await call.disk.uploads.parts(upload), upload);
  requireObjectSize(call, parts);
  const full = upload.checksumType === "FULL_OBJECT" ? upload.checksumAlgorithm : undefined;
  const running = full === undefined ? undefined : startChecksum(full);
  const object = await call.disk.uploads.complete(upload, parts, {
    precondition: writePrecondition(call),
    ...(running === undefined ? {} : { onBytes: (chunk: Uint8Array) => running.update(chunk) }),
    checksums: () =>
      full === undefined || running === undefined
        ? compositeChecksum(upload, parts)
        : fullChecksum(call, full, base64(running.digest())),
  });
  if (object === undefined) throw s3Errors.noSuchUpload(upload.uploadId);
  announceCreated(call, "CompleteMultipartUpload", object);
  sendXml(call, "CompleteMultipartUploadResult", completedTree(call, object));
}

function completedTree(call: S3Call, object: StoredObject) {
  const path = `${call.bucket}/${encodeURIComponent(call.key).replaceAll("%2F", "/")}`;
  const checksumType = checksumHeaders(object.checksums)["x-amz-checksum-type"];
  return {
    Location: `http://${call.request.headers.host ?? ""}/${path}`,
    Bucket: call.bucket,
    Key: call.key,
    ETag: `"${object.etag}"`,
    ...checksumElements(object.checksums),
    ChecksumType: checksumType,
  };
}

/** AbortMultipartUpload: 404 NoSuchUpload when it is gone already. */
export async function abortMultipartUpload(call: S3Call): Promise<void> {
  const upload = await requireUpload(call);
  if (!(await call.disk.uploads.abort(upload))) throw s3Errors.noSuchUpload(upload.uploadId);
  sendEmpty(call, 204);
}

/** ListParts, in pages. */
export async function listParts(call: S3Call): Promise<void> {
  const upload = await requireUpload(call);
  const after = Number(call.query.get("part-number-marker") ?? "0");
  const count = readCount(call, "max-parts");
  const all = (await call.disk.uploads.parts(upload)).filter((part) => part.partNumber > after);
  const page = all.slice(0, count);
  sendXml(call, "ListPartsResult", {
    Bucket: call.bucket,
    Key: call.key,
    UploadId: upload.uploadId,
    PartNumberMarker: after,
    NextPartNumberMarker: page.at(-1)?.partNumber ?? after,
    MaxParts: count,
    IsTruncated: all.length > page.length,
    ChecksumAlgorithm: upload.checksumAlgorithm?.toUpperCase(),
    ChecksumType: upload.checksumType,
    Part: page.map((part) => ({
      PartNumber: part.partNumber,
      LastModified: part.lastModified.toISOString(),
      ETag: `"${part.etag}"`,
      Size: part.size,
      ...checksumElements(part.checksums),
    })),
    StorageClass: "STANDARD",
    Owner: { ID: "local", DisplayName: "local" },
    Initiator: { ID: "local", DisplayName: "local" },
  });
}

/** ListMultipartUploads, in pages and groups. */
export async function listMultipartUploads(call: S3Call): Promise<void> {
  const prefix = call.query.get("prefix") ?? "";
  const delimiter = call.query.get("delimiter") ?? "";
  const keyMarker = call.query.get("key-marker") ?? "";
  const idMarker = call.query.get("upload-id-marker") ?? "";
  const count = readCount(call, "max-uploads");
  const uploads = await call.disk.uploads.list(call.bucket, prefix);
  // Uploads of the marker's own key follow it when an upload id marker tells where that key's uploads were cut.
  const cutAt = uploads.findIndex((upload) => upload.key === keyMarker && upload.uploadId === idMarker);
  const rest = cutAt < 0 ? uploads : uploads.slice(cutAt + 1);
  const page = listPage(rest, { prefix, delimiter, entriesMax: count, after: cutAt < 0 ? keyMarker : "" });
  const encode = listEncoder(call);
  sendXml(call, "ListMultipartUploadsResult", {
    Bucket: call.bucket,
    KeyMarker: encode(keyMarker),
    UploadIdMarker: idMarker,
    ...(page.next === undefined
      ? {}
      : { NextKeyMarker: encode(page.next), NextUploadIdMarker: page.items.at(-1)?.uploadId ?? "" }),
    Prefix: encode(prefix),
    ...(delimiter === "" ? {} : { Delimiter: encode(delimiter) }),
    MaxUploads: count,
    EncodingType: call.query.get("encoding-type"),
    IsTruncated: page.next !== undefined,
    Upload: page.items.map((upload) => ({
      Key: encode(upload.key),
      UploadId: upload.uploadId,
      Initiated: upload.initiated.toISOString(),
      StorageClass: "STANDARD",
      ChecksumAlgorithm: upload.checksumAlgorithm?.toUpperCase(),
    })),
    CommonPrefixes: page.commonPrefixes.map((group) => ({ Prefix: encode(group) })),
  });
}

function chooseParts(root: XmlElement, stored: readonly StoredPart[], upload: MultipartUpload): StoredPart[] {
  const wanted = childrenOf(root, "Part");
  if (root.name !== "CompleteMultipartUpload" || wanted.length === 0) throw s3Errors.malformedXml();
  const byNumber = new Map(stored.map((part) => [part.partNumber, part]));
  const numbers = wanted.map((element) => Number(textOf(element, "PartNumber") ?? Number.NaN));
  if (numbers.some((number) => !isPartNumber(number))) throw s3Errors.malformedXml();
  if (numbers.some((number, index) => index > 0 && number <= (numbers[index - 1] ?? 0))) {
    throw new AwsError(
      400,
      "InvalidPartOrder",
      "The list of parts was not in ascending order. The parts list must be specified in order by part number.",
      { UploadId: upload.uploadId },
    );
  }
  const parts = wanted.map((element, index) => matchPart(element, byNumber.get(numbers[index] ?? 0), upload));
  const small = parts.slice(0, -1).find((part) => part.size < PART_BYTES_MIN);
  if (small === undefined) return parts;
  throw new AwsError(400, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size", {
    ProposedSize: String(small.size),
    MinSizeAllowed: String(PART_BYTES_MIN),
    PartNumber: String(small.partNumber),
    ETag: small.etag,
  });
}

function matchPart(element: XmlElement, part: StoredPart | undefined, upload: MultipartUpload): StoredPart {
  const etag = (textOf(element, "ETag") ?? "").replace(/^"(.*)"$/, "$1");
  const hasEqualChecksums = CHECKSUM_ALGORITHMS.every((algorithm) => {
    const claimed = textOf(element, `Checksum${algorithm.toUpperCase()}`);
    return claimed === undefined || claimed === part?.checksums[algorithm];
  });
  if (part !== undefined && part.etag === etag && hasEqualChecksums) return part;
  throw new AwsError(
    400,
    "InvalidPart",
    "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
    { UploadId: upload.uploadId, PartNumber: textOf(element, "PartNumber") ?? "", ETag: etag },
  );
}

function requireObjectSize(call: S3Call, parts: readonly StoredPart[]): void {
  const claimed = headerOf(call, "x-amz-mp-object-size");
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  if (claimed === undefined || claimed === String(size)) return;
  throw new AwsError(
    400,
    "InvalidRequest",
    `The provided 'x-amz-mp-object-size' header value ${claimed} does not match what was computed: ${size}`,
  );
}

function compositeChecksum(upload: MultipartUpload, parts: readonly StoredPart[]): Checksums {
  const algorithm = upload.checksumAlgorithm;
  if (algorithm === undefined) return {};
  const running = startChecksum(algorithm);
  for (const part of parts) {
    const digest = part.checksums[algorithm];
    if (digest === undefined) return {};
    running.update(Buffer.from(digest, "base64"));
  }
  return { [algorithm]: `${base64(running.digest())}-${parts.length}` };
}

function fullChecksum(call: S3Call, algorithm: ChecksumAlgorithm, computed: string): Checksums {
  const claimed = headerOf(call, `x-amz-checksum-${algorithm}`);
  if (claimed !== undefined && claimed !== computed) throw badChecksum(algorithm);
  return { [algorithm]: computed };
}

async function requireUpload(call: S3Call): Promise<MultipartUpload> {
  const uploadId = call.query.get("uploadId") ?? "";
  const upload = await call.disk.uploads.find(call.bucket, call.key, uploadId);
  if (upload === undefined) throw s3Errors.noSuchUpload(uploadId);
  return upload;
}

function readPartNumber(call: S3Call): number {
  const text = call.query.get("partNumber") ?? "";
  const number = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (isPartNumber(number)) return number;
  const message = "Part number must be an integer between 1 and 10000, inclusive";
  throw s3Errors.invalidArgument(message, "partNumber", text);
}

function isPartNumber(number: number): boolean {
  return Number.isInteger(number) && number >= 1 && number <= PART_NUMBER_MAX;
}
