import { and, desc, eq, gt, inArray, isNull, lt, or, sql } from "drizzle-orm";
import type { Db } from "#db/client.ts";
import { channels, transcodingJobs, uploads, videos, videoVersions } from "#db/schema/watch.ts";
import type { Id } from "../../kernel/ids.ts";

const one = { one: sql`1` };

const columns = {
  id: uploads.id,
  ownerId: uploads.ownerId,
  videoId: uploads.videoId,
  objectKey: uploads.objectKey,
  remoteId: uploads.remoteId,
  fileName: uploads.fileName,
  sizeBytes: uploads.sizeBytes,
  partBytes: uploads.partBytes,
  state: uploads.state,
  refusal: uploads.refusal,
  checkingUntil: uploads.checkingUntil,
  expiresAt: uploads.expiresAt,
};
export type UploadRow = Awaited<ReturnType<typeof listExpired>>[number];

/** A creator's upload; null when it is somebody else's. */
export async function findOwn(db: Db, ownerId: Id<"user">, uploadId: Id<"upload">): Promise<UploadRow | null> {
  const [row] = await db
    .select(columns)
    .from(uploads)
    .where(and(eq(uploads.id, uploadId), eq(uploads.ownerId, ownerId)));
  return row ?? null;
}

/** A creator's channel with the upload of the same file that is still under way, when there is one; null without a channel. */
export async function findStart(db: Db, ownerId: Id<"user">, fingerprint: string) {
  const [row] = await db
    .select({ channelId: channels.id, upload: columns })
    .from(channels)
    .leftJoin(
      uploads,
      and(
        eq(uploads.ownerId, channels.ownerId),
        eq(uploads.fingerprint, fingerprint),
        inArray(uploads.state, ["receiving", "checking"]),
      ),
    )
    .where(eq(channels.ownerId, ownerId))
    .orderBy(desc(uploads.id))
    .limit(1);
  return row ?? null;
}

export const insertVideo = (db: Db, row: typeof videos.$inferInsert) => db.insert(videos).values(row);
export const insertUpload = (db: Db, row: typeof uploads.$inferInsert) => db.insert(uploads).values(row);
export const insertVersion = (db: Db, row: typeof videoVersions.$inferInsert) => db.insert(videoVersions).values(row);
export const insertJob = (db: Db, row: typeof transcodingJobs.$inferInsert) => db.insert(transcodingJobs).values(row);

/** Guarded: one checker at a time, a new one once the lease of the last is over. The lease's end is the token that later steps show. */
export const claimCheck = (db: Db, upload: { id: Id<"upload">; lease: Date; now: Date }) =>
  db
    .update(uploads)
    .set({ state: "checking", checkingUntil: upload.lease, updatedAt: upload.now })
    .where(
      and(
        eq(uploads.id, upload.id),
        or(
          eq(uploads.state, "receiving"),
          and(
            eq(uploads.state, "checking"),
            or(
              isNull(uploads.checkingUntil),
              sql`${uploads.checkingUntil} <= ${upload.now.toISOString()}::timestamptz`,
            ),
          ),
        ),
      ),
    )
    .returning(one);

export type CheckEnd =
  | { state: "receiving" | "accepted" | "canceled" }
  | { state: "refused"; refusal: string }
  /** Still to be checked, by whoever asks next. */
  | { state: "checking" };

/** Guarded: only by the checker that holds the lease. */
export const endCheck = (db: Db, upload: { id: Id<"upload">; lease: Date; now: Date }, end: CheckEnd) =>
  db
    .update(uploads)
    .set({ ...end, checkingUntil: null, updatedAt: upload.now })
    .where(and(eq(uploads.id, upload.id), eq(uploads.state, "checking"), eq(uploads.checkingUntil, upload.lease)))
    .returning(one);

/** Guarded: while nobody is checking it. */
export const cancel = (db: Db, uploadId: Id<"upload">, now: Date) =>
  db
    .update(uploads)
    .set({ state: "canceled", checkingUntil: null, updatedAt: now })
    .where(
      and(
        eq(uploads.id, uploadId),
        or(
          eq(uploads.state, "receiving"),
          and(
            eq(uploads.state, "checking"),
            or(isNull(uploads.checkingUntil), sql`${uploads.checkingUntil} <= ${now.toISOString()}::timestamptz`),
          ),
        ),
      ),
    )
    .returning(one);

type VideoStep =
  | { state: "uploaded"; durationMs: number | null; width: number; height: number }
  | { state: "failed"; stateReason: string }
  | { state: "deleted" };

/** A video whose file was on its way goes on. Not guarded: one that was deleted meanwhile stays deleted. */
export const moveUploadingVideo = (db: Db, videoId: Id<"video">, step: VideoStep, now: Date) =>
  db
    .update(videos)
    .set({ ...step, version: sql`${videos.version} + 1`, updatedAt: now })
    .where(and(eq(videos.id, videoId), eq(videos.state, "uploading")))
    .returning(one);

/** Uploads that were never finished, oldest first. */
export function listExpired(db: Db, now: Date, limit: number) {
  return db
    .select(columns)
    .from(uploads)
    .where(and(inArray(uploads.state, ["receiving", "checking"]), lt(uploads.expiresAt, now)))
    .orderBy(uploads.expiresAt)
    .limit(limit);
}

/** Uploads that ended without a video since an instant: whatever they left in the bucket may go. */
export function listEndedSince(db: Db, since: Date, limit: number) {
  return db
    .select({ id: uploads.id, objectKey: uploads.objectKey, remoteId: uploads.remoteId })
    .from(uploads)
    .where(and(inArray(uploads.state, ["refused", "canceled"]), gt(uploads.updatedAt, since)))
    .orderBy(desc(uploads.updatedAt))
    .limit(limit);
}
