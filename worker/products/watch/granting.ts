import type { Ctx } from "../../context.ts";
import type { Id } from "../../kernel/ids.ts";
import { instantOf } from "../../kernel/time.ts";
import { watchErrors } from "./errors.ts";
import { cdnEnd, type Grant, grantEnd, renewalDue, sealGrant } from "./grant.ts";
import { MASTER_PLAYLIST, storyboardFrames } from "./media-layout.ts";
import { resumeAt } from "./rules.ts";
import type * as store from "./videos.store.ts";
import { viewerId } from "./viewing.ts";
import type { PlaybackGrant } from "./views.ts";

export type Played = NonNullable<Awaited<ReturnType<typeof store.findPlayed>>>;

/**
 * Writes out the permission to play a version for the next ten minutes. Whether the viewer has it was decided before;
 * `watch.not_playable` when the version is not there (any more).
 */
export async function grantPlayback(
  ctx: Ctx,
  { playbackId, videoId }: { playbackId: Id<"playback">; videoId: Id<"video"> },
  { media, positionMs }: Played,
): Promise<PlaybackGrant> {
  if (!media) throw watchErrors.notPlayable();
  const { version, mediaPrefix, durationMs, storyboard } = media;
  const now = ctx.now();
  const exp = grantEnd(now).getTime();
  const grant: Grant = { playbackId, videoId, version, mediaPrefix, userId: viewerId(ctx), exp };
  const [sealed, cdnQuery] = await Promise.all([
    sealGrant(ctx.sealer, grant),
    ctx.cdn.signPrefix(mediaPrefix, cdnEnd(grant)),
  ]);
  return {
    playbackId,
    videoId,
    grant: sealed,
    playlistUrl: `/play/${sealed}/${MASTER_PLAYLIST}`,
    expiresAt: instantOf(exp),
    renewAt: renewalDue(now),
    cdnQuery,
    storyboard: storyboard && { url: ctx.cdn.url(storyboardFrames(mediaPrefix)), ...storyboard },
    durationMs,
    resumeMs: resumeAt(positionMs, durationMs),
  };
}
