import type { Statement, WriteSet } from "#db/write-set.ts";
import type { Ctx } from "../../context.ts";
import { houseErrors } from "../../kernel/errors.ts";
import { base64url, type Id, randomBytes } from "../../kernel/ids.ts";
import { DAY_MS, SECOND_MS } from "../../kernel/time.ts";
import { watchEvents } from "./events.ts";
import { capturedPoster, publicPosterPrefix } from "./media-layout.ts";
import { hasPublicPoster } from "./rules.ts";
import * as store from "./videos.store.ts";

const POSTER_MAX_AGE_S = (365 * DAY_MS) / SECOND_MS;

export type PosterSource = {
  videoId: Id<"video">;
  /** The version whose captures lie under `mediaPrefix`. */
  version: number;
  mediaPrefix: string;
  posterIndex: number;
  posterCount: number;
  visibility: store.StudioRow["visibility"];
  ageRating: store.StudioRow["ageRating"];
};

/**
 * Copies the chosen poster to where anyone may fetch it and answers with its key; null when nobody but the creator may see one, or none was
 * captured. Runs before the write-set that makes the key known. The name is unguessable and new each time, so that asking twice harms
 * nothing, a poster taken back stays gone, and a late deletion never hits its successor.
 */
export async function preparePoster(ctx: Ctx, video: PosterSource): Promise<string | null> {
  if (video.posterCount === 0 || !hasPublicPoster(video)) return null;
  const index = Math.min(video.posterIndex, video.posterCount - 1);
  const key = `${publicPosterPrefix(video.videoId)}${video.version}-${index}-${base64url(randomBytes(12))}.jpg`;
  await ctx.objects.copy("media", capturedPoster(video.mediaPrefix, index), key, {
    contentType: "image/jpeg",
    cacheControl: `public, max-age=${POSTER_MAX_AGE_S}, immutable`,
  });
  return key;
}

/** Deletes a public poster that no row names (any more), after the answer. */
export function discardPoster(ctx: Ctx, key: string | null): void {
  if (key) ctx.later(ctx.objects.delete("media", key));
}

/**
 * The statements that take a video from ready to published: guarded (of two, one publishes), recorded in the owner's trail, announced.
 * A write-set that makes the video ready puts them after that statement.
 */
export function publishStatements(
  w: WriteSet,
  video: { videoId: Id<"video">; ownerId: Id<"user">; posterKey: string | null; now: Date },
): Statement[] {
  const { videoId, ownerId } = video;
  return [
    w.guard(store.markPublished(w.db, video), houseErrors.conflict),
    w.record("watch.video.publish", { target: videoId, scope: ownerId, changes: { state: "published" } }),
    w.emit({ type: watchEvents.videoPublished, id: videoId }),
  ];
}
