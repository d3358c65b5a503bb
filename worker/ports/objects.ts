/** A part of a multipart upload that the store holds. */
export type UploadedPart = { partNumber: number; etag: string; size: number };
export type ObjectInfo = { size: number; etag: string; contentType: string };

/**
 * Where files live: S3 and what speaks its protocol. Keys are ours, never a user's file name. Every method throws `objects.unavailable` (502)
 * when the store cannot be asked; "not there" is an answer, not an error.
 */
export interface Objects {
  createMultipart(bucket: Bucket, key: string, contentType: string): Promise<{ uploadId: string }>;
  /** A URL for `PUT`ting one part of exactly `size` bytes, valid for `expiresInS`. */
  presignPart(
    bucket: Bucket,
    part: { key: string; uploadId: string; partNumber: number; size: number; expiresInS: number },
  ): Promise<string>;
  /** The parts received so far, in order; null when the upload does not exist (any more). */
  listParts(bucket: Bucket, key: string, uploadId: string): Promise<UploadedPart[] | null>;
  /** Joins the parts. `refused` says which rule of S3 the parts broke; `gone` that the upload does not exist (any more). */
  completeMultipart(
    bucket: Bucket,
    key: string,
    uploadId: string,
    parts: readonly { partNumber: number; etag: string }[],
  ): Promise<"completed" | "gone" | { refused: "part_missing" | "part_order" | "part_too_small" }>;
  /** Forgets an upload and its parts. Asking twice is asking once. */
  abortMultipart(bucket: Bucket, key: string, uploadId: string): Promise<void>;
  head(bucket: Bucket, key: string): Promise<ObjectInfo | null>;
  /** The bytes from `start` to `end`, both inclusive, or fewer when the object is shorter; null when there is no object. */
  readRange(bucket: Bucket, key: string, start: number, end: number): Promise<Uint8Array | null>;
  readText(bucket: Bucket, key: string): Promise<string | null>;
  copy(bucket: Bucket, from: string, to: string, headers: { contentType: string; cacheControl: string }): Promise<void>;
  delete(bucket: Bucket, key: string): Promise<void>;
  /** Deletes everything whose key starts with the prefix (which ends in `/`). */
  deletePrefix(bucket: Bucket, prefix: string): Promise<void>;
  /** The `s3://…` address that other services of the same cloud read. */
  address(bucket: Bucket, key: string): string;
}

/** `uploads`: what people send, private, kept briefly. `media`: what the CDN serves. */
export type Bucket = "uploads" | "media";
