import type { Ctx } from "../../context.ts";
import { watchErrors } from "./errors.ts";
import { grantRenewable, openGrant } from "./grant.ts";
import { grantPlayback } from "./granting.ts";
import type { RenewPlayback } from "./schemas.ts";
import * as store from "./videos.store.ts";
import { requirePlayable, viewerId } from "./viewing.ts";
import type { PlaybackGrant } from "./views.ts";

/**
 * Exchanges a grant for a new one of the same play session and the same version, decided anew from how things stand now: a video taken back,
 * a plan that ended, a role that was lost refuse here with their reason. `watch.grant_expired` for a grant that is forged, another person's,
 * or past its end by more than an hour. Who has signed out meanwhile goes on as nobody in particular.
 */
export async function renewPlayback(ctx: Ctx, { grant: sealed }: RenewPlayback): Promise<PlaybackGrant> {
  ctx.authorize("watch:play");
  const viewer = viewerId(ctx);
  const grant = await openGrant(ctx.sealer, sealed);
  if (!grant || !grantRenewable(grant, ctx.now())) throw watchErrors.grantExpired();
  if (grant.userId && viewer && grant.userId !== viewer) throw watchErrors.grantExpired();
  const played = await ctx.read((db) => store.findPlayed(db, grant.videoId, viewer, grant.version));
  if (!played) throw watchErrors.videoNotFound();
  await requirePlayable(ctx, played);
  return grantPlayback(ctx, grant, played);
}
