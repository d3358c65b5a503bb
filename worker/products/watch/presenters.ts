import type { Ctx } from "../../context.ts";
import { HOUR_MS, instantOf } from "../../kernel/time.ts";
import type { Cdn } from "../../ports/cdn.ts";
import { capturedPoster, posterPrefix } from "./media-layout.ts";
import { makeRecent } from "./recent.ts";
import { partCountOf } from "./upload-parts.ts";
import type { CardRow, StudioRow } from "./videos.store.ts";
import type { StudioVideo, UploadView, VideoCard } from "./views.ts";

export function presentCard({ cdn }: { cdn: Cdn }, { posterKey, channel, ...row }: CardRow): VideoCard {
  return {
    ...row,
    posterUrl: posterKey ? cdn.url(posterKey) : null,
    channel: { handle: channel.handle, name: channel.name },
  };
}

/** A row as its creator sees it. `received` is not known to the database: it stays empty unless handed in. */
export function presentStudio(
  row: StudioRow,
  posterUrls: string[],
  received: UploadView["received"] = [],
): StudioVideo {
  return {
    id: row.id,
    version: row.version,
    title: row.title,
    description: row.description,
    category: row.category,
    ageRating: row.ageRating,
    visibility: row.visibility,
    state: row.state,
    stateReason: row.stateReason,
    publishWhenReady: row.publishWhenReady,
    publishedAt: row.publishedAt,
    createdAt: row.createdAt,
    durationMs: row.durationMs,
    width: row.width,
    height: row.height,
    posterIndex: row.posterIndex,
    percent: row.state === "processing" ? (row.percent ?? 0) : null,
    posterUrls,
    upload: row.state === "uploading" || row.state === "failed" ? presentUpload(row, received) : null,
  };
}

function presentUpload({ id: videoId, upload }: StudioRow, received: UploadView["received"]): UploadView | null {
  if (!upload) return null;
  const { id, fileName, sizeBytes, partBytes, state, refusal } = upload;
  return { id, videoId, fileName, sizeBytes, partBytes, partCount: partCountOf(upload), state, refusal, received };
}

const POSTERS_SIGNED_FOR_MS = HOUR_MS;
const SIGNATURES_MAX = 500;
const signatures = new WeakMap<Cdn, ReturnType<typeof makeRecent<string>>>();

/**
 * Every captured poster of a video under one signature that opens its posters and nothing else. Signatures end on full hours, one to two
 * hours from now, so that an isolate makes one per video and hour, and browsers keep the pictures.
 */
export async function signedPosters(ctx: Ctx, { mediaPrefix, posterCount }: StudioRow): Promise<string[]> {
  if (!mediaPrefix || !posterCount) return [];
  const until = instantOf((Math.floor(ctx.now().getTime() / POSTERS_SIGNED_FOR_MS) + 2) * POSTERS_SIGNED_FOR_MS);
  let recent = signatures.get(ctx.cdn);
  if (!recent) signatures.set(ctx.cdn, (recent = makeRecent(SIGNATURES_MAX)));
  const prefix = posterPrefix(mediaPrefix);
  const query = await recent(`${prefix} ${until.getTime()}`, () => ctx.cdn.signPrefix(prefix, until));
  return Array.from(
    { length: posterCount },
    (_, index) => `${ctx.cdn.url(capturedPoster(mediaPrefix, index))}?${query}`,
  );
}

/** The chosen poster alone: the public one where there is one, which costs no signature. */
export async function chosenPoster(ctx: Ctx, row: StudioRow): Promise<string[]> {
  if (row.posterKey) return [ctx.cdn.url(row.posterKey)];
  const posters = await signedPosters(ctx, row);
  return posters.slice(Math.min(row.posterIndex, posters.length - 1)).slice(0, 1);
}
