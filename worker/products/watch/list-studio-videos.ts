import type { Ctx } from "../../context.ts";
import type { Page, PageQuery } from "../../kernel/page.ts";
import { chosenPoster, presentStudio } from "./presenters.ts";
import * as store from "./videos.store.ts";
import type { StudioVideo } from "./views.ts";

/**
 * The actor's videos, newest first, in one query. Each carries its chosen poster alone (`posterUrls[0]`), signed only where no public one
 * exists; a file on its way has no `received` here: `getStudioVideo` asks the bucket.
 */
export async function listStudioVideos(ctx: Ctx, input: PageQuery): Promise<Page<StudioVideo>> {
  const { userId } = ctx.authorize("watch:edit");
  const { items, nextCursor } = await ctx.read((db) => store.listOwn(db, userId, input));
  return {
    items: await Promise.all(items.map(async (row) => presentStudio(row, await chosenPoster(ctx, row)))),
    nextCursor,
  };
}
