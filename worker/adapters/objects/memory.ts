import type { Bucket, Objects, UploadedPart } from "../../ports/objects.ts";

type Stored = { bytes: Uint8Array; contentType: string; etag: string };
type Pending = {
  bucket: Bucket;
  key: string;
  contentType: string;
  parts: Map<number, { bytes: Uint8Array; etag: string }>;
};

/** S3 takes smaller parts only at the end (API reference, "Amazon S3 multipart upload limits"). */
const PART_BYTES_MIN = 5 * 1024 * 1024;

/** Files in memory, with S3's rules, and with the other side of a presigned URL. */
export type MemoryObjects = Objects & {
  put(bucket: Bucket, key: string, bytes: Uint8Array, contentType?: string): void;
  /** What a browser does with a presigned URL. False when the store refuses it. */
  sendPart(url: string, bytes: Uint8Array): boolean;
  keys(bucket: Bucket): string[];
  readonly openUploads: number;
};

/** An object store for verb tests. */
export function makeMemoryObjects(): MemoryObjects {
  const stored: Record<Bucket, Map<string, Stored>> = { uploads: new Map(), media: new Map() };
  const pending = new Map<string, Pending>();
  let sequence = 0;
  const etag = () => `"${(++sequence).toString(16).padStart(32, "0")}"`;
  const find = (bucket: Bucket, key: string, uploadId: string): Pending | undefined => {
    const upload = pending.get(uploadId);
    return upload?.bucket === bucket && upload.key === key ? upload : undefined;
  };

  return {
    put: (bucket, key, bytes, contentType = "application/octet-stream") =>
      void stored[bucket].set(key, { bytes, contentType, etag: etag() }),
    sendPart: (url, bytes) => {
      const { pathname, searchParams } = new URL(url);
      const upload = pending.get(decodeURIComponent(pathname.slice(1)));
      if (!upload || bytes.length !== Number(searchParams.get("size"))) return false;
      upload.parts.set(Number(searchParams.get("part")), { bytes, etag: etag() });
      return true;
    },
    keys: (bucket) => [...stored[bucket].keys()].sort(),
    get openUploads() {
      return pending.size;
    },

    createMultipart: async (bucket, key, contentType) => {
      const uploadId = `memory-${++sequence}`;
      pending.set(uploadId, { bucket, key, contentType, parts: new Map() });
      return { uploadId };
    },
    presignPart: async (_bucket, { uploadId, partNumber, size }) =>
      `https://objects.test/${encodeURIComponent(uploadId)}?part=${partNumber}&size=${size}`,
    listParts: async (bucket, key, uploadId) => {
      const upload = find(bucket, key, uploadId);
      return upload ? partsOf(upload) : null;
    },
    completeMultipart: async (bucket, key, uploadId, parts) => {
      const upload = find(bucket, key, uploadId);
      if (!upload) return "gone";
      const joined = joinParts(upload, parts);
      if ("refused" in joined) return joined;
      stored[bucket].set(key, { ...joined, contentType: upload.contentType, etag: etag() });
      pending.delete(uploadId);
      return "completed";
    },
    abortMultipart: async (bucket, key, uploadId) => {
      if (find(bucket, key, uploadId)) pending.delete(uploadId);
    },
    head: async (bucket, key) => {
      const object = stored[bucket].get(key);
      return object ? { size: object.bytes.length, etag: object.etag, contentType: object.contentType } : null;
    },
    readRange: async (bucket, key, start, end) => stored[bucket].get(key)?.bytes.slice(start, end + 1) ?? null,
    readText: async (bucket, key) => {
      const object = stored[bucket].get(key);
      return object ? new TextDecoder().decode(object.bytes) : null;
    },
    copy: async (bucket, from, to, { contentType }) => {
      const object = stored[bucket].get(from);
      if (!object) throw new Error(`no object ${from}`);
      stored[bucket].set(to, { ...object, contentType });
    },
    delete: async (bucket, key) => void stored[bucket].delete(key),
    deletePrefix: async (bucket, prefix) => {
      for (const key of stored[bucket].keys()) if (key.startsWith(prefix)) stored[bucket].delete(key);
    },
    address: (bucket, key) => `s3://${bucket}/${key}`,
  };
}

function partsOf({ parts }: Pending): UploadedPart[] {
  return [...parts]
    .sort(([a], [b]) => a - b)
    .map(([partNumber, { bytes, etag }]) => ({ partNumber, etag, size: bytes.length }));
}

type Joined = { bytes: Uint8Array } | { refused: "part_missing" | "part_order" | "part_too_small" };

function joinParts(upload: Pending, parts: readonly { partNumber: number; etag: string }[]): Joined {
  const pieces: Uint8Array[] = [];
  for (const [index, { partNumber, etag }] of parts.entries()) {
    const part = upload.parts.get(partNumber);
    if (part?.etag !== etag) return { refused: "part_missing" };
    if (index > 0 && partNumber <= parts[index - 1]!.partNumber) return { refused: "part_order" };
    if (index < parts.length - 1 && part.bytes.length < PART_BYTES_MIN) return { refused: "part_too_small" };
    pieces.push(part.bytes);
  }
  return { bytes: concatenate(pieces) };
}

function concatenate(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
