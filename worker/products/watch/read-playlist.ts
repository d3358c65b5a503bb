import * as z from "zod";
import type { Ctx } from "../../context.ts";
import { houseErrors } from "../../kernel/errors.ts";
import type { Cdn } from "../../ports/cdn.ts";
import { watchErrors } from "./errors.ts";
import { cdnEnd, grantHolds, openGrant } from "./grant.ts";
import { rewritePlaylist } from "./playlist.ts";
import { makeRecent } from "./recent.ts";

/** `path` is a playlist below the version's prefix. */
export const readPlaylistInput = z.object({
  grant: z.string().max(2_000),
  path: z
    .string()
    .max(300)
    .regex(/^(?!\.)[\w-]+(?:[./][\w-]+)*\.m3u8$/),
});
export type ReadPlaylist = z.output<typeof readPlaylistInput>;

/** A playlist of two hours in four-second segments is some 100 kB. */
const PLAYLISTS_MAX = 100;
const SIGNATURES_MAX = 500;
type Kept = Record<"texts" | "signatures", ReturnType<typeof makeRecent<string>>>;
const keptOf = new WeakMap<Cdn, Kept>();

/**
 * A playlist as the holder of a grant may read it: every address signed until shortly after the grant's end. Asks no database: who holds a
 * grant goes on watching while it is down. Only the stored text is kept in this isolate (what lies under a version never changes), never a
 * signed one. `watch.grant_expired` for a grant that is forged or over; `house.not_found` when there is no such playlist.
 */
export async function readPlaylist(ctx: Ctx, { grant: sealed, path }: ReadPlaylist): Promise<string> {
  ctx.authorize("watch:play");
  const grant = await openGrant(ctx.sealer, sealed);
  if (!grant || !grantHolds(grant, ctx.now())) throw watchErrors.grantExpired();
  const { mediaPrefix } = grant;
  const key = `${mediaPrefix}${path}`;
  const { texts, signatures } = keptFor(ctx.cdn);
  const [text, cdnQuery] = await Promise.all([
    texts(key, () => readStored(ctx.cdn, key)),
    // The same prefix and end give the same signature as in the grant's own answer
    signatures(`${mediaPrefix} ${grant.exp}`, () => ctx.cdn.signPrefix(mediaPrefix, cdnEnd(grant))),
  ]);
  return rewritePlaylist(text, { baseUrl: ctx.cdn.url(key.slice(0, key.lastIndexOf("/") + 1)), cdnQuery });
}

async function readStored(cdn: Cdn, key: string): Promise<string> {
  const text = await cdn.readText(key);
  if (text === null) throw houseErrors.notFound();
  return text;
}

function keptFor(cdn: Cdn): Kept {
  let kept = keptOf.get(cdn);
  if (!kept) keptOf.set(cdn, (kept = { texts: makeRecent(PLAYLISTS_MAX), signatures: makeRecent(SIGNATURES_MAX) }));
  return kept;
}
