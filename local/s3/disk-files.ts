import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { extname, join } from "node:path";
import type { Readable } from "node:stream";

/** Where bytes may come from. `{ file }` is read, never moved or changed. */
export type ByteSource = Uint8Array | Readable | AsyncIterable<Uint8Array> | { readonly file: string };

/** Bytes that were written whole to a temporary file. */
export interface WrittenBytes {
  readonly file: string;
  readonly size: number;
  readonly md5: string;
}

/** Yields a source's bytes in order. */
export function bytesOf(source: ByteSource): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  if (source instanceof Uint8Array) return [source];
  if (Symbol.asyncIterator in source) return source;
  return createReadStream(source.file);
}

/** Streams a source into a new file under `directory`; if the source fails, nothing remains and its error is thrown. */
export async function writeTemporary(directory: string, source: ByteSource): Promise<WrittenBytes> {
  const file = join(directory, randomUUID());
  const handle = await open(file, "wx");
  const md5 = createHash("md5");
  let size = 0;
  try {
    for await (const chunk of bytesOf(source)) {
      md5.update(chunk);
      size += chunk.byteLength;
      await handle.writev([chunk]);
    }
    await handle.close();
  } catch (error) {
    await handle.close().catch(() => undefined);
    await rm(file, { force: true });
    throw error;
  }
  return { file, size, md5: md5.digest("hex") };
}

/** Replaces a JSON file in one step: a reader sees the old text or the new text. */
export async function replaceJson(directory: string, file: string, value: unknown): Promise<void> {
  const { file: temporary } = await writeTemporary(directory, Buffer.from(JSON.stringify(value)));
  await rename(temporary, file);
}

/** Reads a JSON file, or undefined when there is none. */
export async function readJson<T>(file: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as T;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Whether an error says that a file or directory is not there. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}

/** Removes a directory so that it disappears at once for every reader, however long its deletion takes. */
export async function removeDirectory(temporaryDirectory: string, directory: string): Promise<void> {
  const doomed = join(temporaryDirectory, randomUUID());
  await rename(directory, doomed);
  await rm(doomed, { recursive: true, force: true });
}

/** Creates a directory with a JSON file in it, both or none. */
export async function createDirectoryWith(
  temporaryDirectory: string,
  directory: string,
  parts: { readonly jsonName: string; readonly json: unknown; readonly subdirectories: readonly string[] },
): Promise<void> {
  const draft = join(temporaryDirectory, randomUUID());
  await mkdir(draft);
  for (const name of parts.subdirectories) await mkdir(join(draft, name));
  await replaceJson(temporaryDirectory, join(draft, parts.jsonName), parts.json);
  await rename(draft, directory);
}

/**
 * The stem of an object's files: a digest, so that any key of any bytes and length is one plain file name and no key can name another place.
 */
export function keyStem(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}

/** A new name for the bytes of a key; it keeps a harmless extension because media tools read it. */
export function newDataName(key: string): string {
  const extension = /^\.[A-Za-z0-9]{1,8}$/.exec(extname(key))?.[0].toLowerCase() ?? "";
  return `${keyStem(key)}.${randomUUID()}.data${extension}`;
}

/** S3 sorts keys by their UTF-8 bytes, which JavaScript's own string order does not do beyond the basic plane. */
export function compareUtf8(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
