import type { Ctx } from "../../context.ts";
import type { Page } from "../../kernel/page.ts";
import { presentCard } from "./presenters.ts";
import type { BrowseVideos } from "./schemas.ts";
import * as store from "./videos.store.ts";
import type { VideoCard } from "./views.ts";

/**
 * What anyone may find, newest first, in one query: public and members-only videos that are published. The same for everybody, so the answer
 * may be kept.
 */
export async function browseVideos(ctx: Ctx, input: BrowseVideos): Promise<Page<VideoCard>> {
  ctx.authorize("watch:browse");
  const { items, nextCursor } = await ctx.read((db) => store.listPublished(db, input));
  return { items: items.map((row) => presentCard(ctx, row)), nextCursor };
}
