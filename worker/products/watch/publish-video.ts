import type { Ctx } from "../../context.ts";
import { houseErrors } from "../../kernel/errors.ts";
import { watchErrors } from "./errors.ts";
import { getStudioVideo } from "./get-studio-video.ts";
import { discardPoster, preparePoster, publishStatements } from "./publishing.ts";
import { decidePublish } from "./rules.ts";
import type { VideoRef } from "./schemas.ts";
import * as store from "./videos.store.ts";
import type { StudioVideo } from "./views.ts";

/**
 * Shows a video to those whom its visibility names: at once when it is ready, by itself later while it is on its way. Asking twice is asking
 * once. `watch.not_ready` after a failure; `house.conflict` when its state changed in the same moment.
 */
export async function publishVideo(ctx: Ctx, { videoId }: VideoRef): Promise<StudioVideo> {
  const { userId: ownerId } = ctx.authorize("watch:edit");
  const row = await ctx.read((db) => store.findOwn(db, ownerId, videoId));
  if (!row) throw watchErrors.videoNotFound();
  const decision = decidePublish(row);
  if (!decision.ok) throw watchErrors[decision.because]();
  if (decision.step === "publish") await publishNow(ctx, row);
  if (decision.step === "whenReady")
    await ctx.write((w) => [
      w.guard(
        store.setPublishWhenReady(w.db, { ownerId, videoId, wanted: true, now: ctx.now() }),
        houseErrors.conflict,
      ),
      w.record("watch.video.publish_when_ready", { target: videoId, changes: { publishWhenReady: true } }),
    ]);
  return getStudioVideo(ctx, { videoId });
}

async function publishNow(ctx: Ctx, row: store.StudioRow): Promise<void> {
  const posterKey = await preparePoster(ctx, store.posterSource(row));
  try {
    await ctx.write((w) => publishStatements(w, { videoId: row.id, ownerId: row.ownerId, posterKey, now: ctx.now() }));
  } catch (error) {
    discardPoster(ctx, posterKey);
    throw error;
  }
}
