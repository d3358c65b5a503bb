import type { Ctx } from "../../context.ts";
import { watchErrors } from "./errors.ts";
import { presentStudio, signedPosters } from "./presenters.ts";
import type { VideoRef } from "./schemas.ts";
import * as store from "./videos.store.ts";
import type { StudioVideo, UploadView } from "./views.ts";

/**
 * One of the actor's videos with every captured poster and, while its file is being sent, the parts that have arrived.
 * `watch.video_not_found` when it is deleted or somebody else's.
 */
export async function getStudioVideo(ctx: Ctx, { videoId }: VideoRef): Promise<StudioVideo> {
  const { userId } = ctx.authorize("watch:edit");
  const row = await ctx.read((db) => store.findOwn(db, userId, videoId));
  if (!row) throw watchErrors.videoNotFound();
  const [posters, received] = await Promise.all([signedPosters(ctx, row), receivedParts(ctx, row)]);
  return presentStudio(row, posters, received);
}

async function receivedParts(ctx: Ctx, { state, upload }: store.StudioRow): Promise<UploadView["received"]> {
  if (state !== "uploading" || upload?.state !== "receiving") return [];
  const parts = await ctx.objects.listParts("uploads", upload.objectKey, upload.remoteId);
  return (parts ?? []).map(({ partNumber, size }) => ({ partNumber, size }));
}
