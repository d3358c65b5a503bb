import { createHash, randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Checksums } from "./checksums.ts";
import {
  compareUtf8,
  createDirectoryWith,
  isMissing,
  newDataName,
  readJson,
  removeDirectory,
  replaceJson,
  writeTemporary,
  type ByteSource,
} from "./disk-files.ts";
import type { ObjectDisk, PutOptions } from "./object-disk.ts";
import { revive, type MultipartUpload, type OnDisk, type StoredObject, type StoredPart } from "./stored-object.ts";

const UPLOAD_FILE = "upload.json";
const PART_FILE = /^part-\d{5}\.json$/;

/** What a new multipart upload is told about its object. */
export type NewUpload = Omit<MultipartUpload, "uploadId" | "initiated" | "bucket" | "key">;

/** Unfinished multipart uploads, kept on disk so that an upload goes on after the process was killed. Part of an ObjectDisk. */
export class MultipartDisk {
  private readonly disk: ObjectDisk;
  private readonly temporary: string;
  private readonly now: () => Date;

  constructor(disk: ObjectDisk, temporary: string, now: () => Date) {
    this.disk = disk;
    this.temporary = temporary;
    this.now = now;
  }

  /** Begins an upload and returns it with its id. */
  async create(bucket: string, key: string, options: NewUpload): Promise<MultipartUpload> {
    const upload: MultipartUpload = {
      ...options,
      bucket,
      key,
      uploadId: Buffer.from(randomBytes(24)).toString("hex"),
      initiated: this.now(),
    };
    await createDirectoryWith(this.temporary, this.directory(bucket, upload.uploadId), {
      jsonName: UPLOAD_FILE,
      json: upload,
      subdirectories: [],
    });
    return upload;
  }

  /** The upload, or undefined when it never was, is completed, aborted, or belongs to another key. */
  async find(bucket: string, key: string, uploadId: string): Promise<MultipartUpload | undefined> {
    const upload = await this.read(bucket, uploadId);
    return upload?.key === key ? upload : undefined;
  }

  /** Unfinished uploads of a bucket, by key and then by age. */
  async list(bucket: string, prefix = ""): Promise<MultipartUpload[]> {
    const ids = await readdir(join(this.disk.root, bucket, "uploads"));
    const uploads = await Promise.all(ids.map((id) => this.read(bucket, id)));
    return uploads
      .filter((upload) => upload !== undefined)
      .filter((upload) => upload.key.startsWith(prefix))
      .sort((a, b) => compareUtf8(a.key, b.key) || a.initiated.getTime() - b.initiated.getTime());
  }

  /** Writes one part, replacing an older one of the same number in a single step. Returns undefined when the upload ended meanwhile. */
  async putPart(
    upload: MultipartUpload,
    partNumber: number,
    source: ByteSource,
    checksums: () => Checksums,
  ): Promise<StoredPart | undefined> {
    const written = await writeTemporary(this.temporary, source);
    const directory = this.directory(upload.bucket, upload.uploadId);
    try {
      return await this.disk.exclusively(`part ${upload.uploadId} ${partNumber}`, async () => {
        const current = await this.readPart(directory, partFile(partNumber));
        const data = newDataName(upload.key);
        const record: OnDisk<StoredPart> = {
          partNumber,
          size: written.size,
          etag: written.md5,
          checksums: checksums(),
          lastModified: this.now().toISOString(),
          data,
        };
        await rename(written.file, join(directory, data));
        await replaceJson(this.temporary, join(directory, partFile(partNumber)), record);
        if (current !== undefined) await rm(current.file, { force: true });
        return revive<StoredPart>(directory, record);
      });
    } catch (error) {
      await rm(written.file, { force: true });
      if (isMissing(error) && (await this.read(upload.bucket, upload.uploadId)) === undefined) return undefined;
      throw error;
    }
  }

  /** The parts so far, in part number order. */
  async parts(upload: MultipartUpload): Promise<StoredPart[]> {
    const directory = this.directory(upload.bucket, upload.uploadId);
    const names = (await readdir(directory)).filter((name) => PART_FILE.test(name)).sort();
    const parts = await Promise.all(names.map((name) => this.readPart(directory, name)));
    return parts.filter((part) => part !== undefined);
  }

  /**
   * Joins the given parts into the object and forgets the upload. `onBytes` sees the joined bytes in order. Returns undefined when the upload
   * was completed or aborted meanwhile.
   */
  async complete(
    upload: MultipartUpload,
    parts: readonly StoredPart[],
    options: Pick<PutOptions, "checksums" | "precondition"> & { onBytes?: (chunk: Uint8Array) => void },
  ): Promise<StoredObject | undefined> {
    const { onBytes, ...rest } = options;
    const {
      bucket,
      key,
      uploadId,
      initiated: _at,
      checksumAlgorithm: _algorithm,
      checksumType: _type,
      ...own
    } = upload;
    return this.disk.exclusively(`upload ${uploadId}`, async () => {
      if ((await this.read(bucket, uploadId)) === undefined) return undefined;
      const etag = multipartEtag(parts);
      const object = await this.disk.put(bucket, key, joined(parts, onBytes), { ...own, ...rest, etag });
      await removeDirectory(this.temporary, this.directory(bucket, uploadId));
      return object;
    });
  }

  /** Forgets an upload and its parts; returns false when it was gone already. */
  async abort(upload: MultipartUpload): Promise<boolean> {
    const { bucket, uploadId } = upload;
    return this.disk.exclusively(`upload ${uploadId}`, async () => {
      if ((await this.read(bucket, uploadId)) === undefined) return false;
      await removeDirectory(this.temporary, this.directory(bucket, uploadId));
      return true;
    });
  }

  /** Removes bytes of parts that no record points to. */
  async sweep(bucket: string): Promise<void> {
    for (const upload of await this.list(bucket)) {
      const kept = new Set((await this.parts(upload)).map((part) => basename(part.file)));
      const directory = this.directory(bucket, upload.uploadId);
      for (const name of await readdir(directory)) {
        if (name !== UPLOAD_FILE && !PART_FILE.test(name) && !kept.has(name)) await rm(join(directory, name));
      }
    }
  }

  private directory(bucket: string, uploadId: string): string {
    return join(this.disk.root, bucket, "uploads", uploadId);
  }

  private async read(bucket: string, uploadId: string): Promise<MultipartUpload | undefined> {
    if (!/^[0-9a-f]{48}$/.test(uploadId)) return undefined;
    const record = await readJson<MultipartUpload & { initiated: string }>(
      join(this.directory(bucket, uploadId), UPLOAD_FILE),
    );
    return record === undefined ? undefined : { ...record, initiated: new Date(record.initiated) };
  }

  private async readPart(directory: string, name: string): Promise<StoredPart | undefined> {
    const record = await readJson<OnDisk<StoredPart>>(join(directory, name));
    return record === undefined ? undefined : revive<StoredPart>(directory, record);
  }
}

function partFile(partNumber: number): string {
  return `part-${String(partNumber).padStart(5, "0")}.json`;
}

/** S3's ETag of a multipart object: the MD5 of the parts' binary MD5s, a dash, and how many there are. */
function multipartEtag(parts: readonly StoredPart[]): string {
  const md5 = createHash("md5");
  for (const part of parts) md5.update(Buffer.from(part.etag, "hex"));
  return `${md5.digest("hex")}-${parts.length}`;
}

async function* joined(
  parts: readonly StoredPart[],
  onBytes: ((chunk: Uint8Array) => void) | undefined,
): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    for await (const chunk of createReadStream(part.file) as AsyncIterable<Uint8Array>) {
      onBytes?.(chunk);
      yield chunk;
    }
  }
}
