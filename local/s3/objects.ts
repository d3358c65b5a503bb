import { AwsError } from "../aws/aws-error.ts";
import { readXml } from "./buckets.ts";
import { isChecksumAlgorithm, type ChecksumAlgorithm } from "./checksums.ts";
import { failedPrecondition, isUnchanged, listsEtag, planRead, type ReadPlan } from "./conditions.ts";
import {
  checksumElements,
  checksumHeaders,
  objectHeaders,
  readAttributes,
  responseOverrides,
} from "./object-headers.ts";
import { openPayload } from "./payload.ts";
import { headerOf, s3Errors, sendEmpty, sendXml, type S3Call } from "./s3-call.ts";
import { sendFile } from "./send-file.ts";
import type { StoredObject } from "./stored-object.ts";
import { childrenOf, textOf } from "./xml.ts";

const DELETE_XML_BYTES_MAX = 2 * 1024 * 1024;
const DELETE_KEYS_MAX = 1000;

/** PutObject: 412 when If-None-Match or If-Match does not hold; nothing is stored when the body breaks a promise. */
export async function putObject(call: S3Call): Promise<void> {
  const payload = openPayload(call);
  const object = await call.disk.put(call.bucket, call.key, payload.bytes, {
    ...readAttributes(call),
    checksums: payload.checksums,
    precondition: writePrecondition(call),
  });
  announceCreated(call, "PutObject", object);
  sendEmpty(call, 200, { etag: `"${object.etag}"`, ...checksumHeaders(object.checksums) });
}

/** GetObject and HeadObject. */
export async function readObject(call: S3Call): Promise<void> {
  const opened = await call.disk.openObject(call.bucket, call.key);
  if (opened === undefined) throw s3Errors.noSuchKey(call.key);
  const { object, handle } = opened;
  let owned = true;
  try {
    const plan = planRead((name) => call.request.headersDistinct[name]?.[0], object);
    const headers = { ...objectHeaders(object), ...responseOverrides(call) };
    const part = readable(plan, object.size);
    if (part === undefined) return sendEmpty304(call, object);
    if (part.status === 200 && headerOf(call, "x-amz-checksum-mode")?.toUpperCase() === "ENABLED") {
      Object.assign(headers, checksumHeaders(object.checksums));
    }
    if (part.status === 206) headers["content-range"] = `bytes ${part.start}-${part.end}/${object.size}`;
    call.response.writeHead(part.status, { ...headers, "content-length": part.end - part.start + 1 });
    if (call.request.method === "HEAD" || object.size === 0) {
      call.response.end();
      return;
    }
    owned = false;
    await sendFile(handle, part, call.response);
  } finally {
    if (owned) await handle.close();
  }
}

function readable(plan: ReadPlan, size: number): { status: 200 | 206; start: number; end: number } | undefined {
  switch (plan.status) {
    case 200:
      return { status: 200, start: 0, end: size - 1 };
    case 206:
      return plan;
    case 304:
      return undefined;
    case 412:
      throw s3Errors.preconditionFailed(plan.condition);
    case 416:
      throw new AwsError(416, "InvalidRange", "The requested range is not satisfiable", {
        RangeRequested: plan.range,
        ActualObjectSize: String(size),
      });
  }
}

function sendEmpty304(call: S3Call, object: StoredObject): void {
  const headers: Record<string, string> = {
    etag: `"${object.etag}"`,
    "last-modified": object.lastModified.toUTCString(),
  };
  if (object.cacheControl !== undefined) headers["cache-control"] = object.cacheControl;
  call.response.writeHead(304, headers).end();
}

/** DeleteObject: 204 also for a key that never was. */
export async function deleteObject(call: S3Call): Promise<void> {
  if (await call.disk.delete(call.bucket, call.key)) {
    call.announce({ reason: "DeleteObject", bucket: call.bucket, key: call.key });
  }
  sendEmpty(call, 204);
}

/** DeleteObjects: at most 1000 keys, guarded by Content-MD5 or a checksum. */
export async function deleteObjects(call: S3Call): Promise<void> {
  const isGuarded = Object.keys(call.request.headers).some((name) =>
    /^(content-md5|x-amz-checksum-.*|x-amz-trailer)$/.test(name),
  );
  if (!isGuarded) {
    throw new AwsError(
      400,
      "InvalidRequest",
      "Missing required header for this request: Content-MD5 OR x-amz-checksum-*",
    );
  }
  const root = await readXml(call, DELETE_XML_BYTES_MAX);
  const keys = childrenOf(root, "Object").map((element) => childrenOf(element, "Key")[0]?.text ?? "");
  if (root.name !== "Delete" || keys.length === 0 || keys.length > DELETE_KEYS_MAX || keys.includes("")) {
    throw s3Errors.malformedXml();
  }
  for (const key of keys) {
    if (await call.disk.delete(call.bucket, key)) call.announce({ reason: "DeleteObject", bucket: call.bucket, key });
  }
  const isQuiet = textOf(root, "Quiet") === "true";
  sendXml(call, "DeleteResult", { Deleted: isQuiet ? [] : keys.map((key) => ({ Key: key })) });
}

/** CopyObject, with the metadata of the source or (REPLACE) of the request. */
export async function copyObject(call: S3Call): Promise<void> {
  const source = await readCopySource(call);
  const directive = headerOf(call, "x-amz-metadata-directive") ?? "COPY";
  if (directive !== "COPY" && directive !== "REPLACE") {
    throw s3Errors.invalidArgument("Unknown metadata directive.", "x-amz-metadata-directive", directive);
  }
  if (directive === "COPY" && source.bucket === call.bucket && source.object.key === call.key) {
    throw new AwsError(
      400,
      "InvalidRequest",
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    );
  }
  const attributes = directive === "REPLACE" ? readAttributes(call) : undefined;
  const from = { bucket: source.bucket, key: source.object.key };
  const object = await call.disk.copy(from, { bucket: call.bucket, key: call.key }, attributes);
  announceCreated(call, "CopyObject", object);
  sendXml(call, "CopyObjectResult", {
    LastModified: object.lastModified.toISOString(),
    ETag: `"${object.etag}"`,
    ...checksumElements(object.checksums),
  });
}

/** The object named by `x-amz-copy-source`, after the `x-amz-copy-source-if-…` conditions. */
export async function readCopySource(call: S3Call): Promise<{ bucket: string; object: StoredObject }> {
  const header = headerOf(call, "x-amz-copy-source") ?? "";
  const [path, version] = header.split("?", 2);
  if (version !== undefined) throw s3Errors.notImplemented("A copy source with a versionId");
  const match = /^\/?([^/]+)\/(.+)$/s.exec(decodeCopySource(path ?? ""));
  const [, bucket, key] = match ?? [];
  if (bucket === undefined || key === undefined) {
    throw s3Errors.invalidArgument(
      "Copy Source must mention the source bucket and key: sourcebucket/sourcekey",
      "x-amz-copy-source",
      header,
    );
  }
  if (!(await call.disk.hasBucket(bucket))) throw s3Errors.noSuchBucket(bucket);
  const object = await call.disk.head(bucket, key);
  if (object === undefined) throw s3Errors.noSuchKey(key);
  const condition = (name: string) => headerOf(call, `x-amz-copy-source-${name}`);
  const failed = failedPrecondition(condition, object);
  if (failed !== undefined) throw s3Errors.preconditionFailed(`x-amz-copy-source-${failed}`);
  if (isUnchanged(condition, object)) throw s3Errors.preconditionFailed("x-amz-copy-source-If-None-Match");
  return { bucket, object };
}

function decodeCopySource(path: string): string {
  try {
    return decodeURIComponent(path.replaceAll("+", "%20"));
  } catch {
    throw s3Errors.invalidArgument("Copy Source must be URL-encoded", "x-amz-copy-source", path);
  }
}

/** The check of If-None-Match: * and If-Match on a write (S3 User Guide, "Conditional writes"). */
export function writePrecondition(call: S3Call): (current: StoredObject | undefined) => void {
  const noneMatch = headerOf(call, "if-none-match");
  const match = headerOf(call, "if-match");
  if (noneMatch !== undefined && noneMatch !== "*") throw s3Errors.notImplemented("If-None-Match other than *");
  return (current) => {
    if (noneMatch !== undefined && current !== undefined) throw s3Errors.preconditionFailed("If-None-Match");
    if (match === undefined) return;
    if (current === undefined) throw s3Errors.noSuchKey(call.key);
    if (!listsEtag(match, current.etag)) throw s3Errors.preconditionFailed("If-Match");
  };
}

/** Announces a created object. */
export function announceCreated(
  call: Pick<S3Call, "announce" | "bucket">,
  reason: "PutObject" | "POST Object" | "CopyObject" | "CompleteMultipartUpload",
  object: StoredObject,
): void {
  call.announce({ reason, bucket: call.bucket, key: object.key, size: object.size, etag: object.etag });
}

/** A checksum algorithm named by a header, or undefined when the header is absent. */
export function readAlgorithm(call: S3Call, header: string): ChecksumAlgorithm | undefined {
  const word = headerOf(call, header)?.toLowerCase();
  if (word === undefined) return undefined;
  if (isChecksumAlgorithm(word)) return word;
  throw new AwsError(400, "InvalidRequest", "Checksum algorithm provided is unsupported.");
}
