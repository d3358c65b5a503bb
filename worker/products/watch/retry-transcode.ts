import type { Ctx } from "../../context.ts";
import { watchErrors } from "./errors.ts";
import { watchEvents } from "./events.ts";
import { getStudioVideo } from "./get-studio-video.ts";
import { askAgain } from "./media-machine.ts";
import type { VideoRef } from "./schemas.ts";
import * as store from "./transcoding.store.ts";
import type { StudioVideo } from "./views.ts";

/**
 * Tries the conversion of one's own video once more, with a full round of attempts. Throws `watch.video_not_found`, and
 * `watch.not_retryable` unless it was the conversion that failed; of two that ask at once, one does.
 */
export async function retryTranscode(ctx: Ctx, { videoId }: VideoRef): Promise<StudioVideo> {
  const creator = ctx.authorize("watch:edit");
  const video = await getStudioVideo(ctx, { videoId });
  const job = await ctx.read((db) => store.findOwnJob(db, creator.userId, videoId));
  const failed = job?.state === "failed" || job?.state === "canceled";
  if (!failed || video.state !== "failed" || video.stateReason !== watchErrors.transcodeFailed.code)
    throw watchErrors.notRetryable();
  const now = ctx.now();
  await ctx.write((w) => [
    w.guard(
      store.moveJob(w.db, job, { ...askAgain(job), errorCode: null, errorMessage: null }, now),
      watchErrors.notRetryable,
    ),
    w.guard(store.moveVideo(w.db, job, { state: "uploaded", stateReason: null }, now), watchErrors.notRetryable),
    w.record("watch.transcode.request", { target: videoId, changes: { jobId: job.id } }),
    w.emit({ type: watchEvents.transcodeRequested, id: videoId }),
  ]);
  return getStudioVideo(ctx, { videoId });
}
