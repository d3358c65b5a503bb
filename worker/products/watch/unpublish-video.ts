import type { Ctx } from "../../context.ts";
import { houseErrors } from "../../kernel/errors.ts";
import { watchErrors } from "./errors.ts";
import { watchEvents } from "./events.ts";
import { getStudioVideo } from "./get-studio-video.ts";
import { discardPoster } from "./publishing.ts";
import type { VideoRef } from "./schemas.ts";
import * as store from "./videos.store.ts";
import type { StudioVideo } from "./views.ts";

/**
 * Takes a video back, or takes back the wish that it publish itself. Who is watching goes on until the grant at hand ends, ten minutes at
 * most; renewal is refused. Asking twice is asking once.
 */
export async function unpublishVideo(ctx: Ctx, { videoId }: VideoRef): Promise<StudioVideo> {
  const { userId: ownerId } = ctx.authorize("watch:edit");
  const row = await ctx.read((db) => store.findOwn(db, ownerId, videoId));
  if (!row) throw watchErrors.videoNotFound();
  const now = ctx.now();
  if (row.state === "published") {
    await ctx.write((w) => [
      w.guard(store.markUnpublished(w.db, { ownerId, videoId, now }), houseErrors.conflict),
      w.record("watch.video.unpublish", { target: videoId, changes: { state: "ready" } }),
      w.emit({ type: watchEvents.videoUnpublished, id: videoId }),
    ]);
    discardPoster(ctx, row.posterKey);
  } else if (row.publishWhenReady) {
    await ctx.write((w) => [
      w.guard(store.setPublishWhenReady(w.db, { ownerId, videoId, wanted: false, now }), houseErrors.conflict),
      w.record("watch.video.publish_when_ready", { target: videoId, changes: { publishWhenReady: false } }),
    ]);
  }
  return getStudioVideo(ctx, { videoId });
}
