import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { DashRendition } from "./dash-manifest.ts";
import { workFile } from "./encode-command.ts";
import type { MediaTools } from "./ffmpeg.ts";
import {
  type AudioRendition,
  avcCodecFromInit,
  avcCodecFromProfile,
  measureBandwidth,
  readSegments,
  type Rendition,
  type Segment,
  type VideoRendition,
  writeMediaPlaylist,
} from "./hls-playlists.ts";
import { inspectMedia } from "./inspect-media.ts";
import { JobFailure } from "./job-failure.ts";
import type { PlannedGroup } from "./job-plan.ts";
import type { EncodeOutput, EncodePlan } from "./resolve-outputs.ts";

/** One finished output as events and GetJob report it. */
export interface FinishedOutput {
  outputFilePaths: string[];
  durationInMs: number;
  videoDetails?: { widthInPx: number; heightInPx: number };
}

/** A file of the work folder and the object it becomes. */
export interface Upload {
  key: string;
  file: string;
  contentType: string;
  cacheControl: string;
}

/** What one output contributes: files to store first, playlists to store after them, and its place in the multivariant playlist. */
export interface PackagedOutput {
  media: Upload[];
  playlists: Upload[];
  finished: FinishedOutput;
  video?: VideoRendition;
  audio?: AudioRendition;
  dash?: DashRendition;
}

const IMMUTABLE = "public, max-age=31536000, immutable";
/** Playlists may be written again by a later job. */
export const PLAYLIST_CACHE = "public, max-age=604800";
/** The media type of HLS playlists. */
export const PLAYLIST_TYPE = "application/vnd.apple.mpegurl";
const SEGMENT_TYPES = { "cmaf-video": "video/mp4", "cmaf-audio": "audio/mp4", ts: "video/mp2t" } as const;
const SEGMENT_EXTENSIONS = { "cmaf-video": "cmfv", "cmaf-audio": "cmfa", ts: "ts" } as const;
const AAC_LC = "mp4a.40.2";

/** Everything needed to turn a finished encoder run into stored objects. */
export interface PublishContext {
  tools: MediaTools;
  folder: string;
  plan: EncodePlan;
  groups: readonly PlannedGroup[];
  inputSeconds: number;
}

const baseKey = (output: EncodeOutput): string => `${output.group.destination.key}${output.planned.nameModifier}`;
const lastName = (key: string): string => key.split("/").at(-1)!;
const address = (output: EncodeOutput, key: string): string => `s3://${output.group.destination.bucket}/${key}`;

async function readEncodedSegments(folder: string, output: EncodeOutput): Promise<Segment[]> {
  const playlist = await readFile(workFile(folder, output, ".m3u8"), "utf8");
  const listed = readSegments(playlist);
  return Promise.all(
    listed.map(async (segment) => ({ ...segment, bytes: (await stat(join(folder, segment.file))).size })),
  );
}

async function videoCodec(
  context: PublishContext,
  output: EncodeOutput,
  segments: readonly Segment[],
): Promise<string> {
  if (output.planned.kind === "cmaf-video") {
    const fromInit = avcCodecFromInit(await readFile(workFile(context.folder, output, "init.cmfv")));
    if (fromInit) return fromInit;
  }
  const info = await inspectMedia(context.tools, join(context.folder, segments[0]!.file));
  const [track] = info.video;
  return track ? avcCodecFromProfile(track.profile, track.level) : "";
}

function audioRendition(
  output: EncodeOutput,
  common: Pick<AudioRendition, "playlist" | "peakBandwidth" | "averageBandwidth">,
): AudioRendition {
  const { audio, audioGroupId, audioTrackType, nameModifier } = output.planned;
  const language = audio?.language ?? output.audioTrack?.language;
  return {
    ...common,
    codec: AAC_LC,
    groupId: audioGroupId,
    name: audio?.name ?? (nameModifier.replace(/^[_-]+/, "") || "Audio"),
    language: language === "und" ? undefined : language,
    channels: audio?.channels ?? 2,
    isDefault: audioTrackType === "ALTERNATE_AUDIO_AUTO_SELECT_DEFAULT",
    autoSelect: audioTrackType !== "ALTERNATE_AUDIO_NOT_AUTO_SELECT",
    isVariant: audioTrackType === "AUDIO_ONLY_VARIANT_STREAM",
  };
}

/** Renames the encoder's segments to MediaConvert's names: `<dest><modifier>_000000001.cmfv`, `<dest><modifier>init.cmfv`, `<dest><modifier>_00001.ts`. */
async function packageSegments(
  context: PublishContext,
  output: EncodeOutput,
  kind: keyof typeof SEGMENT_TYPES,
): Promise<PackagedOutput> {
  const segments = await readEncodedSegments(context.folder, output);
  if (segments.length === 0)
    throw new JobFailure(1020, "Found insufficient input for framerate conversion. Need at least one frame.");
  const key = baseKey(output);
  const extension = SEGMENT_EXTENSIONS[kind];
  const digits = kind === "ts" ? 5 : 9;
  const object = { contentType: SEGMENT_TYPES[kind], cacheControl: IMMUTABLE };
  const media: Upload[] = segments.map((segment, index) => ({
    key: `${key}_${String(index + 1).padStart(digits, "0")}.${extension}`,
    file: join(context.folder, segment.file),
    ...object,
  }));
  const names = media.map((upload, index) => ({
    uri: encodeURI(lastName(upload.key)),
    durationSeconds: segments[index]!.durationSeconds,
  }));
  const init = kind === "ts" ? undefined : `${key}init.${extension}`;
  if (init !== undefined)
    media.unshift({ key: init, file: workFile(context.folder, output, `init.${extension}`), ...object });
  const playlistFile = workFile(context.folder, output, ".published.m3u8");
  await writeFile(playlistFile, writeMediaPlaylist(names, init === undefined ? undefined : encodeURI(lastName(init))));
  const { peak: peakBandwidth, average: averageBandwidth } = measureBandwidth(segments);
  const common = { playlist: encodeURI(lastName(`${key}.m3u8`)), peakBandwidth, averageBandwidth };
  const seconds = segments.reduce((sum, segment) => sum + segment.durationSeconds, 0);
  const finished: FinishedOutput = {
    outputFilePaths: output.group.type === "CMAF_GROUP" ? [] : [address(output, `${key}.m3u8`)],
    durationInMs: Math.round(seconds * 1000),
    ...(output.size ? { videoDetails: { widthInPx: output.size.width, heightInPx: output.size.height } } : {}),
  };
  const playlists = [
    { key: `${key}.m3u8`, file: playlistFile, contentType: PLAYLIST_TYPE, cacheControl: PLAYLIST_CACHE },
  ];
  const dashOf = (rendition: Rendition): { dash?: DashRendition } => {
    if (kind === "ts") return {};
    const segmentSeconds = segments.map((segment) => segment.durationSeconds);
    return { dash: { rendition, uriStem: encodeURI(lastName(key)), extension, segmentSeconds } };
  };
  if (!output.size) {
    const audio = audioRendition(output, common);
    return { media, playlists, finished, audio, ...dashOf(audio) };
  }
  const codec = await videoCodec(context, output, segments);
  const codecs = kind === "ts" && output.audioTrack ? `${codec},${AAC_LC}` : codec;
  const video = { ...common, codec: codecs, ...output.size, frameRate: output.frameRate! };
  return { media, playlists, finished, video, ...dashOf(video) };
}

async function packageCaptures(context: PublishContext, output: EncodeOutput): Promise<PackagedOutput> {
  const prefix = `${output.stem}.`;
  const pictures = (await readdir(context.folder))
    .filter((name) => name.startsWith(prefix) && name.endsWith(".jpg"))
    .toSorted();
  const key = baseKey(output);
  const extension = output.planned.extension ?? "jpg";
  const media = pictures.map((name) => ({
    key: `${key}.${name.slice(prefix.length, -".jpg".length)}.${extension}`,
    file: join(context.folder, name),
    contentType: "image/jpeg",
    cacheControl: IMMUTABLE,
  }));
  const last = media.at(-1);
  const finished: FinishedOutput = {
    outputFilePaths: last ? [address(output, last.key)] : [],
    durationInMs: Math.round(context.inputSeconds * 1000),
    ...(output.size ? { videoDetails: { widthInPx: output.size.width, heightInPx: output.size.height } } : {}),
  };
  return { media, playlists: [], finished };
}

async function packageFile(context: PublishContext, output: EncodeOutput): Promise<PackagedOutput> {
  const file = workFile(context.folder, output, ".mp4");
  const info = await inspectMedia(context.tools, file);
  const key = `${baseKey(output)}.${output.planned.extension ?? "mp4"}`;
  const contentType = output.planned.video ? "video/mp4" : "audio/mp4";
  const finished: FinishedOutput = {
    outputFilePaths: [address(output, key)],
    durationInMs: Math.round((info.durationSeconds ?? context.inputSeconds) * 1000),
    ...(output.size ? { videoDetails: { widthInPx: output.size.width, heightInPx: output.size.height } } : {}),
  };
  return { media: [{ key, file, contentType, cacheControl: IMMUTABLE }], playlists: [], finished };
}

/** Names and describes the files of one output. */
export function packageOutput(context: PublishContext, output: EncodeOutput): Promise<PackagedOutput> {
  switch (output.planned.kind) {
    case "frames":
      return packageCaptures(context, output);
    case "mp4":
      return packageFile(context, output);
    default:
      return packageSegments(context, output, output.planned.kind);
  }
}
