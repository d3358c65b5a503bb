// A process to be killed: it writes without end to the disk named by its argument and prints a dot for every piece it has handed over.
import { writeSync } from "node:fs";
import { ObjectDisk } from "#local/s3/object-disk.ts";
import { BUCKET, PART_BYTES, PIECE, UPLOAD_KEY } from "./disk-writer-plan.ts";

const root = process.argv[2];
if (root === undefined) throw new Error("usage: disk-writer.ts <directory>");

const disk = await ObjectDisk.open(root);
await disk.createBucket(BUCKET);

async function* pieces(count: number, fill: number): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < count; i++) {
    yield Buffer.alloc(PIECE, fill);
    writeSync(1, ".");
  }
}

const [upload] = await disk.uploads.list(BUCKET, UPLOAD_KEY);
if (upload === undefined) {
  const created = await disk.uploads.create(BUCKET, UPLOAD_KEY, { contentType: "video/mp4", metadata: {} });
  await disk.uploads.putPart(created, 1, pieces(PART_BYTES / PIECE, 1), () => ({}));
}
writeSync(1, "!");

for (let round = 0; ; round++) {
  const options = { contentType: "application/octet-stream", metadata: { round: String(round) } };
  await disk.put(BUCKET, "overwritten", pieces(4, round % 256), options);
  await disk.put(BUCKET, `objects/${round % 20}`, pieces(1 + (round % 3), round % 256), options);
  if (round % 7 === 6) await disk.delete(BUCKET, `objects/${round % 20}`);
  const [open] = await disk.uploads.list(BUCKET, UPLOAD_KEY);
  if (open !== undefined) await disk.uploads.putPart(open, 2, pieces(3, round % 256), () => ({}));
}
