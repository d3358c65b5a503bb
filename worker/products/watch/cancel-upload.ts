import type { Ctx } from "../../context.ts";
import { watchErrors } from "./errors.ts";
import { watchEvents } from "./events.ts";
import type { UploadRef } from "./schemas.ts";
import * as store from "./uploads.store.ts";

/**
 * Gives up an upload and the video that it was to become; URLs handed out for its parts are worthless from then on. Canceling twice is
 * canceling once. Throws `watch.upload_not_found`, and `watch.upload_closed` once the file is being checked or was judged.
 */
export async function cancelUpload(ctx: Ctx, { uploadId }: UploadRef): Promise<void> {
  const creator = ctx.authorize("watch:upload");
  const now = ctx.now();
  const upload = await ctx.read((db) => store.findOwn(db, creator.userId, uploadId));
  if (!upload) throw watchErrors.uploadNotFound();
  if (upload.state === "canceled") return;
  const checked = upload.state === "checking" && upload.checkingUntil !== null && upload.checkingUntil > now;
  if (checked || upload.state === "accepted" || upload.state === "refused") throw watchErrors.uploadClosed();

  await ctx.objects.abortMultipart("uploads", upload.objectKey, upload.remoteId);
  await ctx.write((w) => [
    w.guard(store.cancel(w.db, upload.id, now), watchErrors.uploadClosed),
    store.moveUploadingVideo(w.db, upload.videoId, { state: "deleted" }, now),
    w.record("watch.upload.cancel", { target: upload.id, changes: { videoId: upload.videoId } }),
    w.emit({ type: watchEvents.videoDeleted, id: upload.videoId }),
  ]);
}
