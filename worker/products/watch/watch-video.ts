import type { Ctx } from "../../context.ts";
import { watchErrors } from "./errors.ts";
import { presentCard } from "./presenters.ts";
import { type PlaybackRefusal, resumeAt } from "./rules.ts";
import type { VideoRef } from "./schemas.ts";
import * as store from "./videos.store.ts";
import { decideFor, PLAYBACK_REFUSALS, viewerId } from "./viewing.ts";
import type { VideoView } from "./views.ts";

/**
 * A video's own page, and whether this viewer may play it. One query, and one more for the viewer's plan where a members-only video depends on
 * it. What the viewer may not know of is `watch.video_not_found`; its creator sees it in every state.
 */
export async function watchVideo(ctx: Ctx, { videoId }: VideoRef): Promise<VideoView> {
  ctx.authorize("watch:browse");
  const viewer = viewerId(ctx);
  const row = await ctx.read((db) => store.findWatched(db, videoId, viewer));
  if (!row) throw watchErrors.videoNotFound();
  const decision = await decideFor(ctx, row);
  if (!decision.ok && decision.because === "notFound") throw watchErrors.videoNotFound();
  const { ownerId, state: _, description, positionMs, ...card } = row;
  return {
    ...presentCard(ctx, card),
    description,
    channel: row.channel,
    playable: decision.ok ? decision : { ok: false, refusal: refusalCode(decision.because) },
    resumeMs: resumeAt(positionMs, row.durationMs),
    own: viewer === ownerId,
  };
}

type Refused = Extract<VideoView["playable"], { ok: false }>["refusal"];
const refusalCode = (because: PlaybackRefusal): Refused => PLAYBACK_REFUSALS[because].code as Refused;
