import { and, asc, eq, inArray, lt, sql } from "drizzle-orm";
import type { Db } from "#db/client.ts";
import { providerEvents } from "#db/schema/shared.ts";
import {
  type JobState,
  type Storyboard,
  type StoredRendition,
  transcodingJobs,
  uploads,
  videos,
  videoVersions,
} from "#db/schema/watch.ts";
import type { Id } from "../../kernel/ids.ts";

const one = { one: sql`1` };
const OPEN: JobState[] = ["queued", "submitted", "progressing"];

const columns = {
  id: transcodingJobs.id,
  videoId: transcodingJobs.videoId,
  version: transcodingJobs.version,
  attempt: transcodingJobs.attempt,
  remoteId: transcodingJobs.remoteId,
  state: transcodingJobs.state,
  percent: transcodingJobs.percent,
  updatedAt: transcodingJobs.updatedAt,
  ownerId: videos.ownerId,
  currentVersion: videos.currentVersion,
  videoState: videos.state,
  stateReason: videos.stateReason,
  visibility: videos.visibility,
  ageRating: videos.ageRating,
  posterIndex: videos.posterIndex,
  publishWhenReady: videos.publishWhenReady,
  sourceKey: videoVersions.sourceKey,
  mediaPrefix: videoVersions.mediaPrefix,
  durationMs: videoVersions.durationMs,
  width: videoVersions.width,
  height: videoVersions.height,
  hasAudio: videoVersions.hasAudio,
  storyboard: videoVersions.storyboard,
  posterCount: videoVersions.posterCount,
};
export type JobRow = Awaited<ReturnType<typeof listStale>>[number];

/** A job with its video and version. */
const jobs = (db: Db) =>
  db
    .select(columns)
    .from(transcodingJobs)
    .innerJoin(videos, eq(videos.id, transcodingJobs.videoId))
    .innerJoin(
      videoVersions,
      and(eq(videoVersions.videoId, transcodingJobs.videoId), eq(videoVersions.version, transcodingJobs.version)),
    )
    .$dynamic();

export async function findJob(db: Db, jobId: Id<"job">): Promise<JobRow | null> {
  const [row] = await jobs(db).where(eq(transcodingJobs.id, jobId));
  return row ?? null;
}

/** The job of a video's current version. */
export async function findCurrentJob(db: Db, videoId: Id<"video">): Promise<JobRow | null> {
  const [row] = await jobs(db).where(
    and(eq(transcodingJobs.videoId, videoId), eq(transcodingJobs.version, videos.currentVersion)),
  );
  return row ?? null;
}

/** The same, of a creator's own video. */
export async function findOwnJob(db: Db, ownerId: Id<"user">, videoId: Id<"video">): Promise<JobRow | null> {
  const job = await findCurrentJob(db, videoId);
  return job?.ownerId === ownerId && job.videoState !== "deleted" ? job : null;
}

/** Open jobs that nobody has heard of since an instant, longest first. */
export function listStale(db: Db, before: Date, limit: number) {
  return jobs(db)
    .where(and(inArray(transcodingJobs.state, OPEN), lt(transcodingJobs.updatedAt, before)))
    .orderBy(asc(transcodingJobs.updatedAt))
    .limit(limit);
}

type JobSeen = { id: Id<"job">; attempt: number; state: JobState };
export type JobStep = Partial<
  Pick<typeof transcodingJobs.$inferInsert, "state" | "attempt" | "remoteId" | "percent" | "errorCode" | "errorMessage">
>;

/** Guarded: only on top of the attempt and state that were seen. */
export const moveJob = (db: Db, seen: JobSeen, step: JobStep, now: Date) =>
  db
    .update(transcodingJobs)
    .set({ ...step, updatedAt: now })
    .where(
      and(
        eq(transcodingJobs.id, seen.id),
        eq(transcodingJobs.attempt, seen.attempt),
        eq(transcodingJobs.state, seen.state),
      ),
    )
    .returning(one);

type VideoStep =
  | { state: "processing" | "ready"; durationMs?: number }
  | { state: "uploaded"; stateReason: null }
  | { state: "failed"; stateReason: string };

/** Guarded: a video that was deleted, or has another version by now, stays as it is. */
export const moveVideo = (
  db: Db,
  { videoId, version }: Pick<JobRow, "videoId" | "version">,
  step: VideoStep,
  now: Date,
) =>
  db
    .update(videos)
    .set({ ...step, version: sql`${videos.version} + 1`, updatedAt: now })
    .where(
      and(
        eq(videos.id, videoId),
        eq(videos.currentVersion, version),
        inArray(videos.state, step.state === "uploaded" ? ["failed"] : ["uploaded", "processing"]),
      ),
    )
    .returning(one);

/** What was ordered, or made, of a version. */
export const describeVersion = (
  db: Db,
  { videoId, version }: Pick<JobRow, "videoId" | "version">,
  made: { storyboard: Storyboard | null; posterCount: number; renditions?: StoredRendition[]; durationMs?: number },
) =>
  db
    .update(videoVersions)
    .set(made)
    .where(and(eq(videoVersions.videoId, videoId), eq(videoVersions.version, version)));

/** Notes an event of a provider. Its id is the key: a second delivery runs into it. */
export const insertProviderEvent = (db: Db, row: typeof providerEvents.$inferInsert) =>
  db.insert(providerEvents).values(row);

/** Everything outside that belongs to a deleted video; null when there is no such video, or it is not deleted. */
export async function findRemains(db: Db, videoId: Id<"video">) {
  const rows = await db
    .select({
      ownerId: videos.ownerId,
      uploadId: uploads.id,
      objectKey: uploads.objectKey,
      uploadRemoteId: uploads.remoteId,
      jobId: transcodingJobs.id,
      jobState: transcodingJobs.state,
      jobRemoteId: transcodingJobs.remoteId,
    })
    .from(videos)
    .leftJoin(uploads, eq(uploads.videoId, videos.id))
    .leftJoin(transcodingJobs, eq(transcodingJobs.videoId, videos.id))
    .where(and(eq(videos.id, videoId), eq(videos.state, "deleted")));
  const [first] = rows;
  return first ? { ownerId: first.ownerId, rows } : null;
}

/** Jobs of a deleted video are over, however far they were. */
export const cancelJobsOf = (db: Db, videoId: Id<"video">, now: Date) =>
  db
    .update(transcodingJobs)
    .set({ state: "canceled", percent: 0, updatedAt: now })
    .where(and(eq(transcodingJobs.videoId, videoId), inArray(transcodingJobs.state, OPEN)));
