import type { Ctx } from "../../context.ts";
import { planOf, PLANS } from "../../core/billing/index.ts";
import type { ErrorFactory } from "../../kernel/errors.ts";
import type { Id } from "../../kernel/ids.ts";
import { watchErrors } from "./errors.ts";
import { decidePlayback, type PlaybackDecision, type PlaybackRefusal, planMatters, type Watchable } from "./rules.ts";

/** The error that each refusal to play is. */
export const PLAYBACK_REFUSALS = {
  notFound: watchErrors.videoNotFound,
  signInRequired: watchErrors.signInRequired,
  planRequired: watchErrors.planRequired,
  ageRestricted: watchErrors.ageRestricted,
  notPlayable: watchErrors.notPlayable,
} as const satisfies Record<PlaybackRefusal, ErrorFactory>;

/** Who is watching; null for nobody in particular. */
export const viewerId = ({ actor }: Ctx): Id<"user"> | null => (actor.kind === "user" ? actor.userId : null);

/** Whether the actor may play this video now. Asks for the actor's plan, one query, only where the answer depends on it. */
export async function decideFor(ctx: Ctx, video: Watchable & { ownerId: Id<"user"> }): Promise<PlaybackDecision> {
  const userId = viewerId(ctx);
  const viewer = {
    userId,
    own: userId === video.ownerId,
    admin: ctx.actor.kind === "user" && ctx.actor.role === "admin",
  };
  const membersVideos = planMatters(viewer, video) && PLANS[await planOf(ctx)].membersVideos;
  return decidePlayback({ ...viewer, membersVideos }, video);
}

/** Refuses unless the actor may play this video now. */
export async function requirePlayable(ctx: Ctx, video: Watchable & { ownerId: Id<"user"> }): Promise<void> {
  const decision = await decideFor(ctx, video);
  if (!decision.ok) throw PLAYBACK_REFUSALS[decision.because]();
}
