import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../kernel/time.ts";
import type { UploadedPart } from "../../ports/objects.ts";

const MIB = 1024 * 1024;
/** S3: at most 10,000 parts, each but the last of at least 5 MiB (user guide, "Amazon S3 multipart upload limits"). */
const PARTS_MAX = 10_000;
const PART_BYTES_MIN = 8 * MIB;

/** How long an unfinished upload waits for the rest. */
export const UPLOAD_LIFE_MS = 7 * DAY_MS;
/** How long a URL for one part is good for. */
export const PART_URL_LIFE_MS = HOUR_MS;
/** How long one checker may take before another may take over. */
export const CHECK_LEASE_MS = MINUTE_MS;

/** Size of every part of a file but the last: whole mebibytes, and few enough parts. */
export function partBytesOf(sizeBytes: number): number {
  return Math.max(PART_BYTES_MIN, Math.ceil(sizeBytes / PARTS_MAX / MIB) * MIB);
}

type Cut = { sizeBytes: number; partBytes: number };

export const partCountOf = ({ sizeBytes, partBytes }: Cut): number => Math.ceil(sizeBytes / partBytes);

/** The exact size of a part, counted from 1; 0 for a number that the file does not have. */
export function partSizeOf({ sizeBytes, partBytes }: Cut, partNumber: number): number {
  if (!Number.isInteger(partNumber) || partNumber < 1) return 0;
  return Math.max(0, Math.min(partBytes, sizeBytes - (partNumber - 1) * partBytes));
}

export type PartsDecision =
  | { ok: true }
  | { ok: false; because: "uploadIncomplete"; facts: { missing: number; first: number } }
  | { ok: false; because: "uploadPartWrong"; facts: { partNumber: number } };

/** Whether exactly the parts of the file have arrived, each of its size. */
export function decideParts(cut: Cut, received: readonly UploadedPart[]): PartsDecision {
  const sizes = new Map(received.map(({ partNumber, size }) => [partNumber, size]));
  const wrong = received.find(({ partNumber, size }) => size !== partSizeOf(cut, partNumber));
  if (wrong) return { ok: false, because: "uploadPartWrong", facts: { partNumber: wrong.partNumber } };
  const missing = Array.from({ length: partCountOf(cut) }, (_, index) => index + 1).filter((n) => !sizes.has(n));
  const [first] = missing;
  return first === undefined
    ? { ok: true }
    : { ok: false, because: "uploadIncomplete", facts: { missing: missing.length, first } };
}

/** The key of an upload's file. People's file names never become keys. */
export const sourceKeyOf = (uploadId: string): string => `${uploadPrefixOf(uploadId)}source`;
export const uploadPrefixOf = (uploadId: string): string => `u/${uploadId}/`;

/** A declared type worth keeping; it decides nothing. */
export function declaredType(contentType: string): string {
  return /^video\/[\w.+-]{1,60}$/.test(contentType) ? contentType : "application/octet-stream";
}

/** A first title: the file's name without its extension. */
export function titleOf(fileName: string, lengthMax: number): string {
  const base = fileName.replace(/\.[A-Za-z0-9]{1,8}$/, "").trim() || fileName;
  return [...base].slice(0, lengthMax).join("").trim();
}
