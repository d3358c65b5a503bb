import type { Ctx } from "../../context.ts";
import { watchErrors } from "./errors.ts";
import { grantPlayback } from "./granting.ts";
import type { VideoRef } from "./schemas.ts";
import * as store from "./videos.store.ts";
import { requirePlayable, viewerId } from "./viewing.ts";
import type { PlaybackGrant } from "./views.ts";

/**
 * Begins a play session: permission to play the current version of a video for ten minutes. Refuses with `watch.video_not_found`,
 * `sign_in_required`, `plan_required`, `age_restricted` or `not_playable`. Nothing is stored; the permission is the answer itself.
 */
export async function startPlayback(ctx: Ctx, { videoId }: VideoRef): Promise<PlaybackGrant> {
  ctx.authorize("watch:play");
  const played = await ctx.read((db) => store.findPlayed(db, videoId, viewerId(ctx)));
  if (!played) throw watchErrors.videoNotFound();
  await requirePlayable(ctx, played);
  return grantPlayback(ctx, { playbackId: ctx.newId("playback"), videoId }, played);
}
