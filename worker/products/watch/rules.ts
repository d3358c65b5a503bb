import type { AgeRating, VideoState, Visibility } from "#db/schema/watch.ts";
import type { Id } from "../../kernel/ids.ts";
import { MINUTE_MS, SECOND_MS } from "../../kernel/time.ts";

export type Viewer = {
  userId: Id<"user"> | null;
  /** The viewer's plan opens members-only videos. */
  membersVideos: boolean;
  /** The viewer made the video. */
  own: boolean;
  /** Operates the platform: sees what members see, but nobody's private videos. */
  admin: boolean;
};

export type Watchable = { state: VideoState; visibility: Visibility; ageRating: AgeRating };

export type PlaybackRefusal = "notFound" | "signInRequired" | "planRequired" | "ageRestricted" | "notPlayable";
export type PlaybackDecision = { ok: true } | { ok: false; because: PlaybackRefusal };

const refuse = (because: PlaybackRefusal): PlaybackDecision => ({ ok: false, because });

/**
 * Whether somebody may play a video now. What they may not know of is `notFound`: a deleted video to everyone, an unpublished or private one
 * to everyone but its creator. R18 is switched off, for operators too. An unlisted video plays for whoever has its address.
 */
export function decidePlayback(viewer: Viewer, video: Watchable): PlaybackDecision {
  if (video.state === "deleted") return refuse("notFound");
  if (viewer.own) return video.state === "published" || video.state === "ready" ? { ok: true } : refuse("notPlayable");
  if (video.state !== "published" || video.visibility === "private") return refuse("notFound");
  // Before the plan: nobody should pay for what still would not play
  if (video.ageRating === "r18") return refuse("ageRestricted");
  if (video.visibility !== "members") return { ok: true };
  if (!viewer.userId) return refuse("signInRequired");
  return viewer.admin || viewer.membersVideos ? { ok: true } : refuse("planRequired");
}

/** Whether the answer may depend on the viewer's plan: if not, nobody needs to look it up. */
export function planMatters(viewer: Omit<Viewer, "membersVideos">, video: Watchable): boolean {
  const refused = decidePlayback({ ...viewer, membersVideos: false }, video);
  return !refused.ok && refused.because === "planRequired";
}

/** Whether anyone who has the address of the poster may fetch it. */
export function hasPublicPoster(video: { visibility: Visibility; ageRating: AgeRating }): boolean {
  return video.visibility !== "private" && video.ageRating !== "r18";
}

const RESUME_AFTER_MS = 5 * SECOND_MS;
const LONG_FILM_MS = 20 * MINUTE_MS;
const LONG_FILM_END_MS = 30 * SECOND_MS;
const WATCHED_SHARE = 0.95;

/**
 * Where to go back to: after the first 5 s and before the end, which begins at 95 %, or in films of 20 minutes and more 30 s before their
 * last frame. Null means from the start.
 */
export function resumeAt(positionMs: number | null, durationMs: number | null): number | null {
  if (positionMs === null || durationMs === null || positionMs <= RESUME_AFTER_MS) return null;
  const unfinished =
    durationMs >= LONG_FILM_MS ? durationMs - positionMs > LONG_FILM_END_MS : positionMs < durationMs * WATCHED_SHARE;
  return unfinished ? positionMs : null;
}

export type PublishDecision = { ok: true; step: "publish" | "whenReady" | "none" } | { ok: false; because: "notReady" };

/** What pressing "publish" means in each state: at once when ready, by itself later while the video is on its way. */
export function decidePublish(video: { state: VideoState; publishWhenReady: boolean }): PublishDecision {
  switch (video.state) {
    case "published":
      return { ok: true, step: "none" };
    case "ready":
      return { ok: true, step: "publish" };
    case "uploading":
    case "uploaded":
    case "processing":
      return { ok: true, step: video.publishWhenReady ? "none" : "whenReady" };
    case "failed":
    case "deleted":
      return { ok: false, because: "notReady" };
  }
}
