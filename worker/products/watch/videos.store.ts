import { and, desc, eq, inArray, ne, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import type { Db } from "#db/client.ts";
import { channels, transcodingJobs, uploads, videos, videoVersions, watchPositions } from "#db/schema/watch.ts";
import { type Id, isId } from "../../kernel/ids.ts";
import { type Cursor, decodeCursor, type PageQuery, pageOf } from "../../kernel/page.ts";
import { instantOf } from "../../kernel/time.ts";
import type { Category } from "./schemas.ts";

const one = { one: sql`1` };

export const cardColumns = {
  id: videos.id,
  title: videos.title,
  category: sql<Category>`${videos.category}`,
  ageRating: videos.ageRating,
  visibility: videos.visibility,
  durationMs: videos.durationMs,
  width: videos.width,
  height: videos.height,
  posterKey: videos.posterKey,
  publishedAt: videos.publishedAt,
};
const channelColumns = { id: channels.id, handle: channels.handle, name: channels.name, about: channels.about };

/** Published, for everyone or for members, and rated for a general audience: what lists may show. */
export const listed = and(
  eq(videos.state, "published"),
  inArray(videos.visibility, ["public", "members"]),
  ne(videos.ageRating, "r18"),
);

/** The condition that a published video comes after a cursor, newest first; nothing for a cursor that is not ours. */
export function publishedBefore(cursor: string | undefined) {
  const [at, id] = decodeCursor(cursor) ?? [];
  if (typeof at !== "number" || !Number.isSafeInteger(at) || Math.abs(at) > 8.64e15 || !isId("video", id))
    return undefined;
  return sql`(${videos.publishedAt}, ${videos.id}) < (${instantOf(at).toISOString()}::timestamptz, ${id})`;
}

export const publishedCursor = (row: { id: Id<"video">; publishedAt: Date | null }): Cursor => [
  row.publishedAt?.getTime() ?? 0,
  row.id,
];

export type CardRow = Awaited<ReturnType<typeof listPublished>>["items"][number];

/** What anyone may find, newest first. */
export async function listPublished(
  db: Db,
  { category, cursor, limit }: PageQuery & { category?: Category | undefined },
) {
  const rows = await db
    .select({ ...cardColumns, channel: channelColumns })
    .from(videos)
    .innerJoin(channels, eq(channels.id, videos.channelId))
    .where(and(listed, category && eq(videos.category, category), publishedBefore(cursor)))
    .orderBy(desc(videos.publishedAt), desc(videos.id))
    .limit(limit + 1);
  return pageOf(rows, limit, publishedCursor);
}

/** One video with its channel and where this viewer left off. Whether the viewer may know of it is the caller's to decide. */
export async function findWatched(db: Db, videoId: Id<"video">, viewerId: Id<"user"> | null) {
  const [row] = await db
    .select({
      ...cardColumns,
      ownerId: videos.ownerId,
      state: videos.state,
      description: videos.description,
      channel: channelColumns,
      positionMs: watchPositions.positionMs,
    })
    .from(videos)
    .innerJoin(channels, eq(channels.id, videos.channelId))
    .leftJoin(watchPositions, ofViewer(viewerId))
    .where(eq(videos.id, videoId));
  return row ?? null;
}

/** What playing one version takes, the current one unless told; `media` is null before there is anything to play. */
export async function findPlayed(db: Db, videoId: Id<"video">, viewerId: Id<"user"> | null, version?: number) {
  const [row] = await db
    .select({
      ownerId: videos.ownerId,
      state: videos.state,
      visibility: videos.visibility,
      ageRating: videos.ageRating,
      media: {
        version: videoVersions.version,
        mediaPrefix: videoVersions.mediaPrefix,
        durationMs: videoVersions.durationMs,
        storyboard: videoVersions.storyboard,
      },
      positionMs: watchPositions.positionMs,
    })
    .from(videos)
    .leftJoin(
      videoVersions,
      and(eq(videoVersions.videoId, videos.id), eq(videoVersions.version, version ?? videos.currentVersion)),
    )
    .leftJoin(watchPositions, ofViewer(viewerId))
    .where(eq(videos.id, videoId));
  return row ?? null;
}

/** The viewer's bookmark of the video; nobody has none. */
const ofViewer = (viewerId: Id<"user"> | null) =>
  and(eq(watchPositions.videoId, videos.id), viewerId ? eq(watchPositions.userId, viewerId) : sql`false`);

/** What deciding about a video takes, without its media. */
export async function findSeen(db: Db, videoId: Id<"video">) {
  const [row] = await db
    .select({
      ownerId: videos.ownerId,
      state: videos.state,
      visibility: videos.visibility,
      ageRating: videos.ageRating,
      durationMs: videos.durationMs,
    })
    .from(videos)
    .where(eq(videos.id, videoId));
  return row ?? null;
}

const latestUpload = alias(uploads, "latest_upload");

const studioColumns = {
  id: videos.id,
  version: videos.version,
  ownerId: videos.ownerId,
  title: videos.title,
  description: videos.description,
  category: sql<Category>`${videos.category}`,
  ageRating: videos.ageRating,
  visibility: videos.visibility,
  state: videos.state,
  stateReason: videos.stateReason,
  publishWhenReady: videos.publishWhenReady,
  publishedAt: videos.publishedAt,
  createdAt: videos.createdAt,
  durationMs: videos.durationMs,
  width: videos.width,
  height: videos.height,
  posterIndex: videos.posterIndex,
  posterKey: videos.posterKey,
  currentVersion: videos.currentVersion,
  mediaPrefix: videoVersions.mediaPrefix,
  posterCount: videoVersions.posterCount,
  percent: transcodingJobs.percent,
  upload: {
    id: latestUpload.id,
    objectKey: latestUpload.objectKey,
    remoteId: latestUpload.remoteId,
    fileName: latestUpload.fileName,
    sizeBytes: latestUpload.sizeBytes,
    partBytes: latestUpload.partBytes,
    state: latestUpload.state,
    refusal: latestUpload.refusal,
  },
};

/** Videos with the current version, its job, and the file on its way. */
const studioRows = (db: Db) =>
  db
    .select(studioColumns)
    .from(videos)
    .leftJoin(
      videoVersions,
      and(eq(videoVersions.videoId, videos.id), eq(videoVersions.version, videos.currentVersion)),
    )
    .leftJoin(
      transcodingJobs,
      and(eq(transcodingJobs.videoId, videos.id), eq(transcodingJobs.version, videos.currentVersion)),
    )
    .leftJoin(
      latestUpload,
      sql`${latestUpload.id} = (select max(u.id) from ${uploads} u where u.video_id = ${videos.id})`,
    )
    .$dynamic();

const ownAndThere = (ownerId: Id<"user">) => and(eq(videos.ownerId, ownerId), ne(videos.state, "deleted"));

export type StudioRow = Awaited<ReturnType<typeof listOwn>>["items"][number];

/** A creator's videos, newest first. */
export async function listOwn(db: Db, ownerId: Id<"user">, { cursor, limit }: PageQuery) {
  const [at, id] = decodeCursor(cursor) ?? [];
  const after =
    typeof at === "number" && Number.isSafeInteger(at) && Math.abs(at) <= 8.64e15 && isId("video", id)
      ? sql`(${videos.createdAt}, ${videos.id}) < (${instantOf(at).toISOString()}::timestamptz, ${id})`
      : undefined;
  const rows = await studioRows(db)
    .where(and(ownAndThere(ownerId), after))
    .orderBy(desc(videos.createdAt), desc(videos.id))
    .limit(limit + 1);
  return pageOf(rows, limit, (row): Cursor => [row.createdAt.getTime(), row.id]);
}

/** One of a creator's videos; null when it is deleted or somebody else's. */
export async function findOwn(db: Db, ownerId: Id<"user">, videoId: Id<"video">): Promise<StudioRow | null> {
  const [row] = await studioRows(db).where(and(ownAndThere(ownerId), eq(videos.id, videoId)));
  return row ?? null;
}

/** What handing out a poster takes, from a row as its creator sees it. */
export const posterSource = ({ id, currentVersion, mediaPrefix, posterCount, ...row }: StudioRow) => ({
  videoId: id,
  version: currentVersion,
  mediaPrefix: mediaPrefix ?? "",
  posterCount: posterCount ?? 0,
  posterIndex: row.posterIndex,
  visibility: row.visibility,
  ageRating: row.ageRating,
});

export type VideoChanges = Partial<
  Pick<
    typeof videos.$inferInsert,
    "title" | "description" | "category" | "ageRating" | "visibility" | "posterIndex" | "posterKey"
  >
>;

const grown = { version: sql`${videos.version} + 1` };

/** Guarded: only on top of the version that the editor saw. */
export const editOwn = (
  db: Db,
  { ownerId, videoId, version, now, changes }: OwnVideo & { version: number; now: Date; changes: VideoChanges },
) =>
  db
    .update(videos)
    .set({ ...changes, ...grown, updatedAt: now })
    .where(and(ownAndThere(ownerId), eq(videos.id, videoId), eq(videos.version, version)))
    .returning(one);

type OwnVideo = { ownerId: Id<"user">; videoId: Id<"video"> };

/** Guarded: from ready, and with a public poster only while the video may still have one. */
export const markPublished = (
  db: Db,
  { ownerId, videoId, posterKey, now }: OwnVideo & { posterKey: string | null; now: Date },
) =>
  db
    .update(videos)
    .set({ state: "published", publishedAt: now, publishWhenReady: false, posterKey, ...grown, updatedAt: now })
    .where(
      and(
        eq(videos.id, videoId),
        eq(videos.ownerId, ownerId),
        eq(videos.state, "ready"),
        posterKey ? and(ne(videos.visibility, "private"), ne(videos.ageRating, "r18")) : undefined,
      ),
    )
    .returning(one);

/** Guarded: while the video is on its way. */
export const setPublishWhenReady = (
  db: Db,
  { ownerId, videoId, wanted, now }: OwnVideo & { wanted: boolean; now: Date },
) =>
  db
    .update(videos)
    .set({ publishWhenReady: wanted, updatedAt: now })
    .where(
      and(
        eq(videos.id, videoId),
        eq(videos.ownerId, ownerId),
        inArray(videos.state, ["uploading", "uploaded", "processing"]),
      ),
    )
    .returning(one);

/** Guarded: from published. */
export const markUnpublished = (db: Db, { ownerId, videoId, now }: OwnVideo & { now: Date }) =>
  db
    .update(videos)
    .set({ state: "ready", publishedAt: null, posterKey: null, ...grown, updatedAt: now })
    .where(and(eq(videos.id, videoId), eq(videos.ownerId, ownerId), eq(videos.state, "published")))
    .returning(one);

/** Guarded: of two deletions one happens. */
export const markDeleted = (db: Db, { ownerId, videoId, now }: OwnVideo & { now: Date }) =>
  db
    .update(videos)
    .set({
      state: "deleted",
      publishedAt: null,
      publishWhenReady: false,
      posterKey: null,
      ...grown,
      updatedAt: now,
    })
    .where(and(ownAndThere(ownerId), eq(videos.id, videoId)))
    .returning(one);
