import type { Ctx } from "../../context.ts";
import type { Page } from "../../kernel/page.ts";
import * as store from "./channels.store.ts";
import { watchErrors } from "./errors.ts";
import { presentCard } from "./presenters.ts";
import type { BrowseChannel } from "./schemas.ts";
import type { ChannelView, VideoCard } from "./views.ts";

/** A channel and what anyone may find on it, newest first, in one query. `watch.channel_not_found` when nobody has the handle. */
export async function browseChannel(
  ctx: Ctx,
  { handle, ...page }: BrowseChannel,
): Promise<{ channel: ChannelView; videos: Page<VideoCard> }> {
  ctx.authorize("watch:browse");
  const found = await ctx.read((db) => store.findChannelPage(db, handle, page));
  if (!found) throw watchErrors.channelNotFound();
  const { items, nextCursor } = found.videos;
  return { channel: found.channel, videos: { items: items.map((row) => presentCard(ctx, row)), nextCursor } };
}
