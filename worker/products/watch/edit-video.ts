import type { Ctx } from "../../context.ts";
import { houseErrors } from "../../kernel/errors.ts";
import { watchErrors } from "./errors.ts";
import { presentStudio, signedPosters } from "./presenters.ts";
import { discardPoster, preparePoster } from "./publishing.ts";
import { hasPublicPoster } from "./rules.ts";
import type { EditVideo } from "./schemas.ts";
import * as store from "./videos.store.ts";
import type { StudioVideo } from "./views.ts";

const POSTER_MISSING = {
  ja: "このサムネイルはありません。ほかのものをお選びください。",
  en: "There is no such thumbnail. Choose another.",
};

/**
 * Changes what a video says about itself, on top of the version that the editor saw: else `watch.version_conflict`. While the video is
 * published its public poster follows: taken in when it becomes private, put out when it becomes visible, exchanged when another is chosen.
 */
export async function editVideo(ctx: Ctx, { videoId, version, ...wanted }: EditVideo): Promise<StudioVideo> {
  const { userId: ownerId } = ctx.authorize("watch:edit");
  const row = await ctx.read((db) => store.findOwn(db, ownerId, videoId));
  if (!row) throw watchErrors.videoNotFound();
  if (row.version !== version) throw watchErrors.versionConflict();
  const changes = changesOf(row, wanted);
  if (Object.keys(changes).length === 0) return presentStudio(row, await signedPosters(ctx, row));
  if (changes.posterIndex !== undefined && row.posterCount && changes.posterIndex >= row.posterCount)
    throw houseErrors.invalid({ issues: [{ pointer: "/posterIndex", message: POSTER_MISSING[ctx.locale] }] });

  const edited = { ...row, ...changes, version: version + 1 };
  const posterKey = await posterAfter(ctx, row, edited);
  const now = ctx.now();
  try {
    await ctx.write((w) => [
      w.guard(
        store.editOwn(w.db, { ownerId, videoId, version, now, changes: { ...changes, posterKey } }),
        watchErrors.versionConflict,
      ),
      w.record("watch.video.edit", { target: videoId, changes: recorded(changes) }),
    ]);
  } catch (error) {
    if (posterKey !== row.posterKey) discardPoster(ctx, posterKey);
    throw error;
  }
  if (posterKey !== row.posterKey) discardPoster(ctx, row.posterKey);
  return presentStudio({ ...edited, posterKey }, await signedPosters(ctx, row));
}

type Wanted = Omit<EditVideo, "videoId" | "version">;
type Changes = { [K in keyof Wanted]?: Exclude<Wanted[K], undefined> };

/** What differs from what is there. */
function changesOf(row: store.StudioRow, wanted: Wanted): Changes {
  const fields = Object.entries(wanted) as [keyof Wanted, unknown][];
  return Object.fromEntries(fields.filter(([name, value]) => value !== undefined && value !== row[name]));
}

/** The trail keeps that a description changed, not the text: what its creator takes back should not stay there for good. */
const recorded = ({ description, ...rest }: Changes) =>
  description === undefined ? rest : { ...rest, description: "edited" };

/** The key of the public poster once the edit stands: the same one unless the edit moves it. */
async function posterAfter(ctx: Ctx, before: store.StudioRow, after: store.StudioRow): Promise<string | null> {
  if (after.state !== "published" || !hasPublicPoster(after)) return null;
  if (before.posterKey && before.posterIndex === after.posterIndex) return before.posterKey;
  return preparePoster(ctx, store.posterSource(after));
}
