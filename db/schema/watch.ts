import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import { id, instant } from "./columns.ts";
import { users } from "./identity.ts";

/** A creator's face. One per person for now; organizations own channels too once they exist. */
export const channels = pgTable("channels", {
  id: id("channel").primaryKey(),
  ownerId: id("user")
    .notNull()
    .unique("channels_owner")
    .references(() => users.id),
  /** Lower case; part of the address `/c/:handle`. */
  handle: text().notNull().unique("channels_handle"),
  name: text().notNull(),
  about: text().notNull().default(""),
  createdAt: instant().notNull(),
});

export type VideoState = "uploading" | "uploaded" | "processing" | "ready" | "published" | "failed" | "deleted";
export type Visibility = "public" | "unlisted" | "members" | "private";
export type AgeRating = "g" | "pg12" | "r15" | "r18";

export const videos = pgTable(
  "videos",
  {
    id: id("video").primaryKey(),
    channelId: id("channel")
      .notNull()
      .references(() => channels.id),
    ownerId: id("user")
      .notNull()
      .references(() => users.id),
    title: text().notNull(),
    description: text().notNull().default(""),
    category: text().notNull(),
    ageRating: text().$type<AgeRating>().notNull().default("g"),
    visibility: text().$type<Visibility>().notNull().default("private"),
    state: text().$type<VideoState>().notNull(),
    /** The error code that says why a video failed. */
    stateReason: text(),
    /** Set by the creator before processing ends: the video publishes itself once it is ready. */
    publishWhenReady: boolean().notNull().default(false),
    publishedAt: instant(),
    durationMs: integer(),
    /** Display size of the source, after rotation. */
    width: integer(),
    height: integer(),
    /** Which of the captured posters stands for the video. */
    posterIndex: integer().notNull().default(1),
    /** Key of the poster that anyone may fetch; absent while nobody may see the video. */
    posterKey: text(),
    currentVersion: integer().notNull().default(1),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
    /** For `If-Match`: grows with every edit. */
    version: integer().notNull().default(1),
  },
  (t) => [
    index("videos_of_owner").on(t.ownerId, t.createdAt.desc()),
    index("videos_of_channel")
      .on(t.channelId, t.publishedAt.desc(), t.id.desc())
      .where(sql`${t.state} = 'published'`),
    index("videos_listed")
      .on(t.publishedAt.desc(), t.id.desc())
      .where(sql`${t.state} = 'published' and ${t.visibility} in ('public', 'members')`),
    index("videos_listed_by_category")
      .on(t.category, t.publishedAt.desc(), t.id.desc())
      .where(sql`${t.state} = 'published' and ${t.visibility} in ('public', 'members')`),
    check(
      "videos_state",
      sql`${t.state} in ('uploading', 'uploaded', 'processing', 'ready', 'published', 'failed', 'deleted')`,
    ),
    check("videos_visibility", sql`${t.visibility} in ('public', 'unlisted', 'members', 'private')`),
    check("videos_age_rating", sql`${t.ageRating} in ('g', 'pg12', 'r15', 'r18')`),
    check("videos_published_at", sql`(${t.state} = 'published') = (${t.publishedAt} is not null)`),
  ],
);

export type StoredRendition = { shortSide: number; width: number; height: number };
export type Storyboard = { intervalS: number; width: number; height: number; count: number };

/** One source of a video and what was made from it. Everything under `mediaPrefix` is immutable. */
export const videoVersions = pgTable(
  "video_versions",
  {
    videoId: id("video")
      .notNull()
      .references(() => videos.id, { onDelete: "cascade" }),
    version: integer().notNull(),
    sourceKey: text().notNull(),
    sourceBytes: bigint({ mode: "number" }).notNull(),
    /** `v/<video>/<version>/` in the media bucket. */
    mediaPrefix: text().notNull(),
    durationMs: integer(),
    width: integer(),
    height: integer(),
    hasAudio: boolean(),
    renditions: jsonb().$type<StoredRendition[]>().notNull().default([]),
    storyboard: jsonb().$type<Storyboard>(),
    posterCount: integer().notNull().default(0),
    createdAt: instant().notNull(),
  },
  (t) => [primaryKey({ name: "video_versions_pkey", columns: [t.videoId, t.version] })],
);

export type UploadState = "receiving" | "checking" | "accepted" | "refused" | "canceled";

/** A file on its way from a browser to the bucket, in parts. */
export const uploads = pgTable(
  "uploads",
  {
    id: id("upload").primaryKey(),
    ownerId: id("user")
      .notNull()
      .references(() => users.id),
    videoId: id("video")
      .notNull()
      .references(() => videos.id, { onDelete: "cascade" }),
    objectKey: text().notNull().unique("uploads_object"),
    remoteId: text().notNull(),
    fileName: text().notNull(),
    contentType: text().notNull(),
    sizeBytes: bigint({ mode: "number" }).notNull(),
    partBytes: integer().notNull(),
    /** The browser's own mark of the file (name, size, modified), so that choosing it again resumes. */
    fingerprint: text().notNull(),
    state: text().$type<UploadState>().notNull(),
    /** Error code of a refusal. */
    refusal: text(),
    /** While `checking`: until when the checker may be presumed alive. */
    checkingUntil: instant(),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
    expiresAt: instant().notNull(),
  },
  (t) => [
    uniqueIndex("uploads_resumable")
      .on(t.ownerId, t.fingerprint)
      .where(sql`${t.state} = 'receiving'`),
    index("uploads_of_video").on(t.videoId, t.id.desc()),
    index("uploads_expiring")
      .on(t.expiresAt)
      .where(sql`${t.state} in ('receiving', 'checking')`),
    check("uploads_state", sql`${t.state} in ('receiving', 'checking', 'accepted', 'refused', 'canceled')`),
    check("uploads_size", sql`${t.sizeBytes} > 0`),
  ],
);

export type JobState = "queued" | "submitted" | "progressing" | "complete" | "failed" | "canceled";

/** The one transcoding job of a video's version. `attempt` grows with each retry; `remoteId` is the transcoder's own id for the current attempt. */
export const transcodingJobs = pgTable(
  "transcoding_jobs",
  {
    id: id("job").primaryKey(),
    videoId: id("video").notNull(),
    version: integer().notNull(),
    attempt: integer().notNull().default(1),
    remoteId: text().unique("transcoding_jobs_remote"),
    state: text().$type<JobState>().notNull(),
    percent: integer().notNull().default(0),
    errorCode: integer(),
    errorMessage: text(),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  (t) => [
    uniqueIndex("transcoding_jobs_version").on(t.videoId, t.version),
    foreignKey({
      name: "transcoding_jobs_of_version",
      columns: [t.videoId, t.version],
      foreignColumns: [videoVersions.videoId, videoVersions.version],
    }).onDelete("cascade"),
    index("transcoding_jobs_open")
      .on(t.updatedAt)
      .where(sql`${t.state} in ('queued', 'submitted', 'progressing')`),
    check(
      "transcoding_jobs_state",
      sql`${t.state} in ('queued', 'submitted', 'progressing', 'complete', 'failed', 'canceled')`,
    ),
    check("transcoding_jobs_percent", sql`${t.percent} between 0 and 100`),
  ],
);

/** Where a person left off. */
export const watchPositions = pgTable(
  "watch_positions",
  {
    userId: id("user")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    videoId: id("video")
      .notNull()
      .references(() => videos.id, { onDelete: "cascade" }),
    positionMs: integer().notNull(),
    playbackId: id("playback").notNull(),
    updatedAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ name: "watch_positions_pkey", columns: [t.userId, t.videoId] }),
    check("watch_positions_range", sql`${t.positionMs} >= 0`),
  ],
);
