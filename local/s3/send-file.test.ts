import { type EventEmitter, once } from "node:events";
import { type FileHandle, open, readFile } from "node:fs/promises";
import { PassThrough } from "node:stream";
import { buffer } from "node:stream/consumers";
import { expect, it } from "vitest";
import { sendFile } from "./send-file.ts";

/** Node documents the event, its types do not. */
const closing = (handle: FileHandle) => once(handle as unknown as EventEmitter, "close");

it("sends what was asked for and closes the file", async () => {
  const handle = await open(import.meta.filename);
  const closed = closing(handle);
  const reader = new PassThrough();
  const [, bytes] = await Promise.all([sendFile(handle, { start: 7, end: 14 }, reader), buffer(reader)]);
  expect(bytes).toEqual((await readFile(import.meta.filename)).subarray(7, 15));
  await closed;
});

it("closes the file when the reader has already left", async () => {
  const handle = await open(import.meta.filename);
  const closed = closing(handle);
  const reader = new PassThrough().destroy();
  await once(reader, "close");
  await expect(sendFile(handle, { start: 0, end: 9 }, reader)).rejects.toThrow();
  await closed;
});
