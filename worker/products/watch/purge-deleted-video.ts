import type { Ctx } from "../../context.ts";
import { isOpen } from "./media-machine.ts";
import { mediaFamilyOf, publicPosterPrefix } from "./media-layout.ts";
import type { VideoRef } from "./schemas.ts";
import * as store from "./transcoding.store.ts";
import { uploadPrefixOf } from "./upload-parts.ts";

/**
 * Takes away everything outside that belonged to a deleted video: its conversion, its media, its public posters, its files. Does nothing to
 * a video that is not deleted; doing it twice is doing it once.
 */
export async function purgeDeletedVideo(ctx: Ctx, { videoId }: VideoRef): Promise<void> {
  ctx.authorize("watch:clean_up");
  const remains = await ctx.read((db) => store.findRemains(db, videoId));
  if (!remains) return;
  const jobs = new Map(remains.rows.map((row) => [row.jobRemoteId, row]));
  for (const { jobRemoteId, jobState } of jobs.values())
    if (jobRemoteId && jobState && isOpen(jobState)) await ctx.transcoder.cancel(jobRemoteId);
  const uploads = new Map(remains.rows.map((row) => [row.uploadId, row]));
  for (const { uploadId, objectKey, uploadRemoteId } of uploads.values()) {
    if (!uploadId || !objectKey || !uploadRemoteId) continue;
    await ctx.objects.abortMultipart("uploads", objectKey, uploadRemoteId);
    await ctx.objects.deletePrefix("uploads", uploadPrefixOf(uploadId));
  }
  await ctx.objects.deletePrefix("media", mediaFamilyOf(videoId));
  await ctx.objects.deletePrefix("media", publicPosterPrefix(videoId));
  await ctx.write((w) => [
    store.cancelJobsOf(w.db, videoId, ctx.now()),
    w.record("watch.video.purge", { target: videoId, scope: remains.ownerId }),
  ]);
}
