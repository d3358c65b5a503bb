import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import type { Checksums } from "./checksums.ts";
import type { CorsRule } from "./cors.ts";
import {
  compareUtf8,
  createDirectoryWith,
  isMissing,
  keyStem,
  newDataName,
  readJson,
  removeDirectory,
  replaceJson,
  writeTemporary,
  type ByteSource,
} from "./disk-files.ts";
import { MultipartDisk } from "./multipart-disk.ts";
import { revive, type ObjectAttributes, type OnDisk, type StoredObject } from "./stored-object.ts";

export type { ObjectAttributes, StoredObject } from "./stored-object.ts";

/** What `put` takes besides the bytes. */
export interface PutOptions extends ObjectAttributes {
  /** Replaces the MD5 as ETag (multipart objects). */
  readonly etag?: string;
  /** Asked after the last byte was read. */
  readonly checksums?: () => Checksums;
  /** Looks at the object about to be replaced, with no other writer in between; throw to refuse. */
  readonly precondition?: (current: StoredObject | undefined) => void;
}

interface BucketRecord {
  readonly name: string;
  readonly createdAt: string;
  readonly cors?: readonly CorsRule[];
}

const BUCKET_FILE = "bucket.json";
const META_SUFFIX = ".meta.json";
const OPEN_ATTEMPTS_MAX = 5;

/** Whether S3 allows this bucket name (S3 User Guide, "Bucket naming rules"). */
export function isBucketName(name: string): boolean {
  return /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes("..") && !/^\d+\.\d+\.\d+\.\d+$/.test(name);
}

/**
 * Buckets, objects and unfinished multipart uploads as plain files under one directory. One process may write at a time.
 *
 * An object is two files: bytes under a name of their own, and a JSON record that points to them. Both are written elsewhere first, and the
 * rename of the record is the only moment an object appears, changes or (by unlink) disappears. A process killed at any moment therefore
 * leaves the old object or the new one; bytes nobody points to are swept by the next `open`. Nothing is fsynced: a power cut may lose recent writes.
 */
export class ObjectDisk {
  readonly root: string;
  readonly uploads: MultipartDisk;
  private readonly now: () => Date;
  private readonly temporary: string;
  private readonly queues = new Map<string, Promise<unknown>>();
  private readonly records = new Map<string, { stamp: string; object: StoredObject }>();

  private constructor(root: string, now: () => Date) {
    this.root = root;
    this.now = now;
    this.temporary = join(root, ".tmp");
    this.uploads = new MultipartDisk(this, this.temporary, now);
  }

  /** Opens (or creates) a disk and sweeps what a killed process left half-done. */
  static async open(root: string, options: { now?: () => Date } = {}): Promise<ObjectDisk> {
    const disk = new ObjectDisk(resolve(root), options.now ?? (() => new Date()));
    await rm(disk.temporary, { recursive: true, force: true });
    await mkdir(disk.temporary, { recursive: true });
    for (const bucket of await disk.listBuckets()) await disk.sweep(bucket.name);
    return disk;
  }

  /** Creates a bucket; returns false when it was there already. Throws RangeError for a name S3 would not allow. */
  async createBucket(name: string): Promise<boolean> {
    if (!isBucketName(name)) throw new RangeError(`not a bucket name: ${name}`);
    return this.exclusively(`bucket ${name}`, async () => {
      if (await this.hasBucket(name)) return false;
      const record: BucketRecord = { name, createdAt: this.now().toISOString() };
      await createDirectoryWith(this.temporary, join(this.root, name), {
        jsonName: BUCKET_FILE,
        json: record,
        subdirectories: ["objects", "uploads"],
      });
      return true;
    });
  }

  async hasBucket(name: string): Promise<boolean> {
    return (await this.bucketRecord(name)) !== undefined;
  }

  /** All buckets in name order. */
  async listBuckets(): Promise<{ name: string; createdAt: Date }[]> {
    const names = (await readdir(this.root)).filter(isBucketName).sort(compareUtf8);
    const records = await Promise.all(names.map((name) => this.bucketRecord(name)));
    return records.flatMap((found) =>
      found === undefined ? [] : [{ name: found.name, createdAt: new Date(found.createdAt) }],
    );
  }

  /** Removes an empty bucket with its unfinished uploads; returns false when objects are in it. */
  async deleteBucket(name: string): Promise<boolean> {
    return this.exclusively(`bucket ${name}`, async () => {
      if ((await this.list(name)).length > 0) return false;
      await removeDirectory(this.temporary, join(this.root, name));
      return true;
    });
  }

  /** The bucket's CORS rules, or undefined when none are configured. */
  async getCors(bucket: string): Promise<readonly CorsRule[] | undefined> {
    return (await this.bucketRecord(bucket))?.cors;
  }

  /** Stores, or with undefined removes, the bucket's CORS rules. */
  async setCors(bucket: string, rules: readonly CorsRule[] | undefined): Promise<void> {
    await this.exclusively(`bucket ${bucket}`, async () => {
      const record = await this.bucketRecord(bucket);
      if (record === undefined) throw new Error(`no such bucket: ${bucket}`);
      const { cors: _replaced, ...rest } = record;
      const next: BucketRecord = rules === undefined ? rest : { ...rest, cors: rules };
      await replaceJson(this.temporary, join(this.root, bucket, BUCKET_FILE), next);
    });
  }

  /** Writes a whole object, replacing any older one in a single step. If the source throws, nothing has changed. */
  async put(bucket: string, key: string, source: ByteSource, options: PutOptions): Promise<StoredObject> {
    await this.requireBucket(bucket);
    const written = await writeTemporary(this.temporary, source);
    const { etag, checksums, precondition, metadata, ...attributes } = options;
    try {
      return await this.exclusively(`object ${bucket}/${key}`, async () => {
        const current = await this.head(bucket, key);
        precondition?.(current);
        const data = newDataName(key);
        const record: OnDisk<StoredObject> = {
          ...attributes,
          key,
          size: written.size,
          etag: etag ?? written.md5,
          metadata: metadata ?? {},
          checksums: checksums?.() ?? {},
          lastModified: this.now().toISOString(),
          data,
        };
        await rename(written.file, join(this.objectsOf(bucket), data));
        await replaceJson(this.temporary, this.metaFile(bucket, key), record);
        if (current !== undefined) await rm(current.file, { force: true });
        return revive<StoredObject>(this.objectsOf(bucket), record);
      });
    } catch (error) {
      await rm(written.file, { force: true });
      throw error;
    }
  }

  /** What is known of an object, or undefined when bucket or object is not there. */
  async head(bucket: string, key: string): Promise<StoredObject | undefined> {
    if (!isBucketName(bucket)) return undefined;
    const record = await readJson<OnDisk<StoredObject>>(this.metaFile(bucket, key));
    return record === undefined ? undefined : revive<StoredObject>(this.objectsOf(bucket), record);
  }

  /** Opens an object for reading; the handle stays good when the object is overwritten meanwhile. The caller closes it. */
  async openObject(bucket: string, key: string): Promise<{ object: StoredObject; handle: FileHandle } | undefined> {
    for (let attempt = 1; ; attempt++) {
      const object = await this.head(bucket, key);
      if (object === undefined) return undefined;
      try {
        return { object, handle: await open(object.file, "r") };
      } catch (error) {
        if (!isMissing(error) || attempt === OPEN_ATTEMPTS_MAX) throw error;
      }
    }
  }

  /** The objects whose keys begin with a prefix, in S3's order (UTF-8 bytes). */
  async list(bucket: string, prefix = ""): Promise<StoredObject[]> {
    const directory = this.objectsOf(bucket);
    const names = (await readdir(directory)).filter((name) => name.endsWith(META_SUFFIX));
    const objects = await Promise.all(names.map((name) => this.cachedRecord(directory, name)));
    return objects
      .filter((object) => object !== undefined)
      .filter((object) => object.key.startsWith(prefix))
      .map((object) => ({ object, bytes: Buffer.from(object.key) }))
      .sort((a, b) => Buffer.compare(a.bytes, b.bytes))
      .map(({ object }) => object);
  }

  /** Deletes an object; returns false when there was none. */
  async delete(bucket: string, key: string): Promise<boolean> {
    return this.exclusively(`object ${bucket}/${key}`, async () => {
      const current = await this.head(bucket, key);
      if (current === undefined) return false;
      await rm(this.metaFile(bucket, key), { force: true });
      await rm(current.file, { force: true });
      return true;
    });
  }

  /** Copies an object with its attributes, or with `attributes` in their place. Throws when the source is not there. */
  async copy(
    from: { bucket: string; key: string },
    to: { bucket: string; key: string },
    attributes?: ObjectAttributes,
  ): Promise<StoredObject> {
    const opened = await this.openObject(from.bucket, from.key);
    if (opened === undefined) throw new Error(`no such object: ${from.bucket}/${from.key}`);
    const { key: _key, size: _size, etag: _etag, lastModified: _date, file: _file, checksums, ...own } = opened.object;
    // A copy is a single-part object: composite digests (with a part count) no longer describe it.
    const whole = Object.fromEntries(Object.entries(checksums).filter(([, digest]) => !digest.includes("-")));
    const source = opened.handle.createReadStream();
    return this.put(to.bucket, to.key, source, { ...(attributes ?? own), checksums: () => whole });
  }

  /** Runs work with no other work of the same name in between. */
  async exclusively<T>(name: string, work: () => Promise<T>): Promise<T> {
    const before = this.queues.get(name) ?? Promise.resolve();
    const mine = before.then(work, work);
    const settled = mine.catch(() => undefined);
    this.queues.set(name, settled);
    try {
      return await mine;
    } finally {
      if (this.queues.get(name) === settled) this.queues.delete(name);
    }
  }

  private async requireBucket(bucket: string): Promise<void> {
    if (!(await this.hasBucket(bucket))) throw new Error(`no such bucket: ${bucket}`);
  }

  private async bucketRecord(name: string): Promise<BucketRecord | undefined> {
    return isBucketName(name) ? readJson<BucketRecord>(join(this.root, name, BUCKET_FILE)) : undefined;
  }

  private objectsOf(bucket: string): string {
    return join(this.root, bucket, "objects");
  }

  private metaFile(bucket: string, key: string): string {
    return join(this.objectsOf(bucket), keyStem(key) + META_SUFFIX);
  }

  private async cachedRecord(directory: string, name: string): Promise<StoredObject | undefined> {
    const file = join(directory, name);
    const info = await stat(file).catch(() => undefined);
    if (info === undefined) return undefined;
    const stamp = `${info.ino} ${info.mtimeMs}`;
    const cached = this.records.get(file);
    if (cached?.stamp === stamp) return cached.object;
    const record = await readJson<OnDisk<StoredObject>>(file);
    if (record === undefined) return undefined;
    const object = revive<StoredObject>(directory, record);
    this.records.set(file, { stamp, object });
    return object;
  }

  private async sweep(bucket: string): Promise<void> {
    const kept = new Set((await this.list(bucket)).map((object) => basename(object.file)));
    const directory = this.objectsOf(bucket);
    for (const name of await readdir(directory)) {
      if (!name.endsWith(META_SUFFIX) && !kept.has(name)) await rm(join(directory, name), { force: true });
    }
    await this.uploads.sweep(bucket);
  }
}
