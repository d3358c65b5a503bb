import type { Id } from "../../kernel/ids.ts";

/** The multivariant playlist below a version's prefix. */
export const MASTER_PLAYLIST = "main.m3u8";

/** Prefix of everything made from one version of a video. */
export const mediaPrefixOf = (videoId: Id<"video">, version: number) => `v/${videoId}/${version}/`;

/** Prefix of everything made from any version of a video. */
export const mediaFamilyOf = (videoId: Id<"video">) => `v/${videoId}/`;

/** Prefix of the posters that anyone may fetch. */
export const publicPosterPrefix = (videoId: Id<"video">) => `i/${videoId}/`;

/** Start of every captured poster's key: what a signature for posters alone covers. */
export const posterPrefix = (mediaPrefix: string) => `${mediaPrefix}poster.`;

/** Key of a captured poster; frames are numbered from 0 in seven digits, as MediaConvert's frame capture does. */
export const capturedPoster = (mediaPrefix: string, index: number) =>
  `${posterPrefix(mediaPrefix)}${String(index).padStart(7, "0")}.jpg`;

/** Key of the seek bar's frames, with `{n}` for the number in seven digits. */
export const storyboardFrames = (mediaPrefix: string) => `${mediaPrefix}storyboard.{n}.jpg`;
