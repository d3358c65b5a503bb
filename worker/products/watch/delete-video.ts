import type { Ctx } from "../../context.ts";
import { watchErrors } from "./errors.ts";
import { watchEvents } from "./events.ts";
import { discardPoster } from "./publishing.ts";
import type { VideoRef } from "./schemas.ts";
import * as store from "./videos.store.ts";

/**
 * Deletes a video in whatever state. From here on nobody finds it and no grant is given or renewed; its files are purged by what reacts to
 * `watch.video_deleted`. A second deletion finds nothing: `watch.video_not_found`.
 */
export async function deleteVideo(ctx: Ctx, { videoId }: VideoRef): Promise<void> {
  const { userId: ownerId } = ctx.authorize("watch:edit");
  const row = await ctx.read((db) => store.findOwn(db, ownerId, videoId));
  if (!row) throw watchErrors.videoNotFound();
  await ctx.write((w) => [
    w.guard(store.markDeleted(w.db, { ownerId, videoId, now: ctx.now() }), watchErrors.videoNotFound),
    w.record("watch.video.delete", { target: videoId, changes: { state: "deleted", was: row.state } }),
    w.emit({ type: watchEvents.videoDeleted, id: videoId }),
  ]);
  discardPoster(ctx, row.posterKey);
}
