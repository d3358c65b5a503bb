import type { Ctx } from "../../context.ts";
import { houseErrors } from "../../kernel/errors.ts";
import { idTime } from "../../kernel/ids.ts";
import { MINUTE_MS } from "../../kernel/time.ts";
import { watchErrors } from "./errors.ts";
import * as positions from "./positions.store.ts";
import type { RememberPosition } from "./schemas.ts";
import * as store from "./videos.store.ts";
import { requirePlayable } from "./viewing.ts";

/** How far another isolate's clock may be ahead of ours. */
const CLOCK_SKEW_MS = MINUTE_MS;

/**
 * Keeps where the actor is in a video. The last word of a play session counts; an older session that is still open somewhere cannot move a
 * newer one's place, and is not told. Refuses like playing does for videos that the actor may not play (any more).
 */
// hiroba-lint: unrecorded — a bookmark that only its owner reads, rewritten every ten seconds: a trail of it would watch people, not changes
export async function rememberPosition(ctx: Ctx, { videoId, playbackId, positionMs }: RememberPosition): Promise<void> {
  const { userId } = ctx.authorize("watch:remember_position");
  const now = ctx.now();
  // An id from the future would win over every session to come
  if (idTime(playbackId) > now.getTime() + CLOCK_SKEW_MS) throw houseErrors.malformed();
  const video = await ctx.read((db) => store.findSeen(db, videoId));
  if (!video) throw watchErrors.videoNotFound();
  await requirePlayable(ctx, video);
  const reached = Math.min(positionMs, video.durationMs ?? positionMs);
  await ctx.write((w) => [
    positions.keepPosition(w.db, { userId, videoId, playbackId, positionMs: reached, updatedAt: now }),
  ]);
}
