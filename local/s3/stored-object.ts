import { join } from "node:path";
import type { ChecksumAlgorithm, Checksums } from "./checksums.ts";

/** What a writer may say about an object, kept and returned unchanged. */
export interface ObjectAttributes {
  readonly contentType: string;
  readonly cacheControl?: string | undefined;
  readonly contentDisposition?: string | undefined;
  readonly contentEncoding?: string | undefined;
  readonly contentLanguage?: string | undefined;
  readonly expires?: string | undefined;
  /** User metadata without the `x-amz-meta-` prefix, names in lower case. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

/** A whole object on disk. */
export interface StoredObject extends ObjectAttributes {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** Hex without quotes; `<hex>-<parts>` for a multipart object. */
  readonly etag: string;
  readonly lastModified: Date;
  /** Absolute path of the bytes: an ordinary file, replaced (never changed) when the object is overwritten. */
  readonly file: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly checksums: Checksums;
}

/** One uploaded part of a multipart upload. */
export interface StoredPart {
  readonly partNumber: number;
  readonly size: number;
  readonly etag: string;
  readonly lastModified: Date;
  readonly file: string;
  readonly checksums: Checksums;
}

/** A multipart upload that is neither completed nor aborted. */
export interface MultipartUpload extends ObjectAttributes {
  readonly bucket: string;
  readonly key: string;
  readonly uploadId: string;
  readonly initiated: Date;
  readonly metadata: Readonly<Record<string, string>>;
  readonly checksumAlgorithm?: ChecksumAlgorithm | undefined;
  readonly checksumType?: "COMPOSITE" | "FULL_OBJECT" | undefined;
}

/** The JSON beside an object's or a part's bytes: the same, with the date as text and the file relative. */
export type OnDisk<T extends { file: string; lastModified: Date }> = Omit<T, "file" | "lastModified"> & {
  readonly data: string;
  readonly lastModified: string;
};

/** Reads a record back to what it describes. */
export function revive<T extends StoredObject | StoredPart>(directory: string, record: OnDisk<T>): T {
  const { data, lastModified, ...rest } = record;
  return { ...rest, lastModified: new Date(lastModified), file: join(directory, data) } as unknown as T;
}
