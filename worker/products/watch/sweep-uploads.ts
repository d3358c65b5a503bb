import type { Ctx } from "../../context.ts";
import { AppError } from "../../kernel/errors.ts";
import { addMs, DAY_MS } from "../../kernel/time.ts";
import { watchErrors } from "./errors.ts";
import { watchEvents } from "./events.ts";
import { uploadPrefixOf } from "./upload-parts.ts";
import * as store from "./uploads.store.ts";

const UPLOADS_MAX = 200;
/** Ends of this time are gone over again: a sweep missed does not leave a file behind. */
const ENDED_WITHIN_MS = 3 * DAY_MS;

/**
 * Ends uploads that nobody finished in seven days, and with them their videos, and takes out of the bucket what ended uploads left behind.
 * Uploads that are still in time are not touched. Safe to run twice.
 */
export async function sweepUploads(ctx: Ctx): Promise<void> {
  ctx.authorize("watch:clean_up");
  const now = ctx.now();
  for (const upload of await ctx.read((db) => store.listExpired(db, now, UPLOADS_MAX))) {
    await ctx.objects.abortMultipart("uploads", upload.objectKey, upload.remoteId);
    try {
      await ctx.write((w) => [
        w.guard(store.cancel(w.db, upload.id, now), watchErrors.uploadClosed),
        store.moveUploadingVideo(w.db, upload.videoId, { state: "deleted" }, now),
        w.record("watch.upload.expire", { target: upload.id, scope: upload.ownerId }),
        w.emit({ type: watchEvents.videoDeleted, id: upload.videoId }),
      ]);
    } catch (error) {
      // It is being checked at this very moment: its own check will find that nothing is left.
      if (!AppError.is(error) || error.code !== watchErrors.uploadClosed.code) throw error;
    }
  }
  const ended = await ctx.read((db) => store.listEndedSince(db, addMs(now, -ENDED_WITHIN_MS), UPLOADS_MAX));
  for (const upload of ended) {
    await ctx.objects.abortMultipart("uploads", upload.objectKey, upload.remoteId);
    await ctx.objects.deletePrefix("uploads", uploadPrefixOf(upload.id));
  }
}
