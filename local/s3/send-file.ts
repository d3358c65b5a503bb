import type { FileHandle } from "node:fs/promises";
import type { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";

/**
 * Sends the bytes from `start` to `end`, both inclusive, of an open file and closes it: also when the reader has left before the first byte,
 * where `pipeline` refuses and leaves its source alone. Rejects when not everything could be sent.
 */
export async function sendFile(
  handle: FileHandle,
  { start, end }: { start: number; end: number },
  to: Writable,
): Promise<void> {
  const bytes = handle.createReadStream({ start, end });
  try {
    await pipeline(bytes, to);
  } finally {
    bytes.destroy();
  }
}
