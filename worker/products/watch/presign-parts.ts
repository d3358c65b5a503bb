import type { Ctx } from "../../context.ts";
import { addMs, secondsUntil } from "../../kernel/time.ts";
import { watchErrors } from "./errors.ts";
import type { PresignParts } from "./schemas.ts";
import { PART_URL_LIFE_MS, partCountOf, partSizeOf } from "./upload-parts.ts";
import * as store from "./uploads.store.ts";

/**
 * URLs to `PUT` parts of a file to, each good for exactly the bytes of that part and for an hour. Throws `watch.upload_not_found`,
 * `watch.upload_closed` once it is no longer receiving, `watch.upload_part_wrong` for a part that the file does not have.
 */
export async function presignParts(ctx: Ctx, { uploadId, partNumbers }: PresignParts) {
  const creator = ctx.authorize("watch:upload");
  const now = ctx.now();
  const upload = await ctx.read((db) => store.findOwn(db, creator.userId, uploadId));
  if (!upload || upload.state === "canceled" || upload.expiresAt <= now) throw watchErrors.uploadNotFound();
  if (upload.state !== "receiving") throw watchErrors.uploadClosed();
  const partCount = partCountOf(upload);
  const wrong = partNumbers.find((partNumber) => partNumber > partCount);
  if (wrong !== undefined) throw watchErrors.uploadPartWrong({ facts: { partNumber: wrong, partCount } });

  const expiresAt = addMs(now, PART_URL_LIFE_MS);
  const part = { key: upload.objectKey, uploadId: upload.remoteId, expiresInS: secondsUntil(expiresAt, now) };
  const urls = await Promise.all(
    [...new Set(partNumbers)].map(async (partNumber) => {
      const size = partSizeOf(upload, partNumber);
      return { partNumber, size, url: await ctx.objects.presignPart("uploads", { ...part, partNumber, size }) };
    }),
  );
  return { urls, expiresAt };
}
