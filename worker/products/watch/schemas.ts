import * as z from "zod";
import { idSchema } from "../../kernel/ids.ts";
import { pageQuery } from "../../kernel/page.ts";
import { lineSchema, linesSchema } from "../../kernel/text.ts";

export const CATEGORIES = ["life", "music", "learning", "craft", "sports", "travel", "games", "news"] as const;
export const AGE_RATINGS = ["g", "pg12", "r15", "r18"] as const;
export const VISIBILITIES = ["public", "unlisted", "members", "private"] as const;
export type Category = (typeof CATEGORIES)[number];

export const TITLE_LENGTH_MAX = 100;
export const DESCRIPTION_LENGTH_MAX = 5_000;

export const videoRef = z.object({ videoId: idSchema("video") });
export type VideoRef = z.output<typeof videoRef>;
export const uploadRef = z.object({ uploadId: idSchema("upload") });
export type UploadRef = z.output<typeof uploadRef>;

/** A handle: 3–30 letters, digits and single hyphens, kept in lower case. */
export const handleSchema = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9](?:-?[a-z0-9]){2,29}$/);

export const openChannelInput = z.object({
  handle: handleSchema,
  name: lineSchema(1, 50),
  about: linesSchema(0, 1_000).default(""),
});
export type OpenChannel = z.output<typeof openChannelInput>;

/** `contentType` is only the browser's guess; what counts are the bytes. */
export const startUploadInput = z.object({
  fileName: lineSchema(1, 255),
  sizeBytes: z.int().min(0),
  contentType: z.string().max(100).default("application/octet-stream"),
  /** The browser's own mark of the file (name, size, date), so that choosing it again resumes. */
  fingerprint: z.string().min(1).max(400),
});
export type StartUpload = z.output<typeof startUploadInput>;

export const PART_URLS_MAX = 20;
export const presignPartsInput = uploadRef.extend({
  partNumbers: z.array(z.int().min(1).max(10_000)).min(1).max(PART_URLS_MAX),
});
export type PresignParts = z.output<typeof presignPartsInput>;

export const editVideoInput = videoRef.extend({
  /** The `version` that the editor saw; a save on top of another's is refused. */
  version: z.int().min(1),
  title: lineSchema(1, TITLE_LENGTH_MAX).optional(),
  description: linesSchema(0, DESCRIPTION_LENGTH_MAX).optional(),
  category: z.enum(CATEGORIES).optional(),
  ageRating: z.enum(AGE_RATINGS).optional(),
  visibility: z.enum(VISIBILITIES).optional(),
  posterIndex: z.int().min(0).max(9).optional(),
});
export type EditVideo = z.output<typeof editVideoInput>;

export const browseVideosInput = pageQuery.extend({ category: z.enum(CATEGORIES).optional() });
export type BrowseVideos = z.output<typeof browseVideosInput>;
export const channelRef = z.object({ handle: handleSchema });
export type ChannelRef = z.output<typeof channelRef>;
export const browseChannelInput = channelRef.extend(pageQuery.shape);
export type BrowseChannel = z.output<typeof browseChannelInput>;

export const renewPlaybackInput = z.object({ grant: z.string().max(2_000) });
export type RenewPlayback = z.output<typeof renewPlaybackInput>;
export const rememberPositionInput = videoRef.extend({
  playbackId: idSchema("playback"),
  positionMs: z
    .int()
    .min(0)
    .max(100 * 3_600_000),
});
export type RememberPosition = z.output<typeof rememberPositionInput>;
