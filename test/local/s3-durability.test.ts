import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ObjectDisk } from "#local/s3/object-disk.ts";
import { BUCKET, PART_BYTES, UPLOAD_KEY } from "./disk-writer-plan.ts";

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "durable-"));
});

afterEach(() => rm(root, { recursive: true, force: true }));

/** Lets a writer run until it has handed over so many pieces after its first part, then kills it without warning. */
async function writeUntilKilled(pieces: number): Promise<void> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "disk-writer.ts"), root], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  let isReady = false;
  let seen = 0;
  for await (const output of child.stdout as AsyncIterable<Uint8Array>) {
    const text = Buffer.from(output).toString();
    isReady ||= text.includes("!");
    if (isReady) seen += text.length;
    if (seen > pieces) child.kill("SIGKILL");
  }
  expect(await exited).toEqual([null, "SIGKILL"]);
}

const md5 = async (file: string) =>
  createHash("md5")
    .update(await readFile(file))
    .digest("hex");

test("after SIGKILL at any moment every visible object is whole and an upload goes on", async () => {
  for (const pieces of [1, 4, 9, 23, 60, 101]) {
    await writeUntilKilled(pieces);
    const disk = await ObjectDisk.open(root);
    const objects = await disk.list(BUCKET);
    for (const object of objects) {
      expect(await md5(object.file)).toBe(object.etag);
      expect(await disk.head(BUCKET, object.key)).toEqual(object);
    }
    // Nothing half-written stays behind: one record and one file of bytes per object, and nothing temporary.
    expect(await readdir(join(root, BUCKET, "objects"))).toHaveLength(2 * objects.length);
    expect(await readdir(join(root, ".tmp"))).toEqual([]);
    const [upload] = await disk.uploads.list(BUCKET);
    const parts = await disk.uploads.parts(upload!);
    expect(parts[0]).toMatchObject({ partNumber: 1, size: PART_BYTES });
    for (const part of parts) expect(await md5(part.file)).toBe(part.etag);
  }

  const disk = await ObjectDisk.open(root);
  expect((await disk.list(BUCKET)).length).toBeGreaterThan(1);
  const [upload] = await disk.uploads.list(BUCKET, UPLOAD_KEY);
  await disk.uploads.putPart(upload!, 2, Buffer.from("the end"), () => ({}));
  const film = await disk.uploads.complete(upload!, await disk.uploads.parts(upload!), {});
  expect(film).toMatchObject({ key: UPLOAD_KEY, size: PART_BYTES + 7, etag: expect.stringMatching(/-2$/) });
  expect(await disk.uploads.list(BUCKET)).toEqual([]);
});

test("a source that fails leaves the old object and no trace", async () => {
  const disk = await ObjectDisk.open(root);
  await disk.createBucket(BUCKET);
  const before = await disk.put(BUCKET, "k", Buffer.from("old"), { contentType: "text/plain" });
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield Buffer.from("new");
    throw new Error("the line broke");
  }
  await expect(disk.put(BUCKET, "k", broken(), { contentType: "text/plain" })).rejects.toThrow("the line broke");
  expect(await disk.head(BUCKET, "k")).toEqual(before);
  expect(await readdir(join(root, ".tmp"))).toEqual([]);
});

test("replaced and deleted objects leave no bytes behind, and an open reader keeps its own", async () => {
  const disk = await ObjectDisk.open(root);
  await disk.createBucket(BUCKET);
  await disk.put(BUCKET, "k", Buffer.from("first"), { contentType: "text/plain" });
  const opened = await disk.openObject(BUCKET, "k");
  await disk.put(BUCKET, "k", Buffer.from("second"), { contentType: "text/plain" });
  expect(await opened?.handle.readFile("utf8")).toBe("first");
  await opened?.handle.close();
  expect(await readdir(join(root, BUCKET, "objects"))).toHaveLength(2);
  expect(await disk.delete(BUCKET, "k")).toBe(true);
  expect(await readdir(join(root, BUCKET, "objects"))).toEqual([]);
  expect(await disk.delete(BUCKET, "k")).toBe(false);
});

test("keys that look like paths stay inside their bucket and apart from each other", async () => {
  const disk = await ObjectDisk.open(root);
  await disk.createBucket(BUCKET);
  const keys = [
    "../../etc/passwd",
    "..",
    ".",
    "a",
    "a/",
    "a//b",
    "A",
    "/a",
    "é",
    "e\u0301",
    "k".repeat(1024),
    "x\u0000y",
    "c.meta.json",
  ];
  for (const key of keys) await disk.put(BUCKET, key, Buffer.from(key), { contentType: "text/plain" });
  for (const key of keys) {
    const object = await disk.head(BUCKET, key);
    expect(object?.file.startsWith(join(root, BUCKET, "objects"))).toBe(true);
    expect(await readFile(object!.file, "utf8")).toBe(key);
  }
  expect((await disk.list(BUCKET)).map(({ key }) => key).sort()).toEqual([...keys].sort());
});

test("takes bytes from a file, leaves that file, and keeps its extension for media tools", async () => {
  const disk = await ObjectDisk.open(root);
  await disk.createBucket(BUCKET);
  const source = await disk.put(BUCKET, "in.bin", Buffer.from("frames"), { contentType: "video/mp4" });
  const copy = await disk.put(BUCKET, "out.MP4", { file: source.file }, { contentType: "video/mp4" });
  expect(copy.file).toMatch(/\.mp4$/);
  expect(await readFile(copy.file, "utf8")).toBe("frames");
  expect(await readFile(source.file, "utf8")).toBe("frames");
});
