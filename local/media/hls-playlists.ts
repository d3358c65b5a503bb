import type { Ratio } from "./inspect-media.ts";

/** One media segment: the file the encoder wrote and how long it plays. */
export interface Segment {
  file: string;
  durationSeconds: number;
  bytes: number;
}

/** What a multivariant playlist says about one rendition. Rates are bits per second, measured from the segments. */
export interface Rendition {
  playlist: string;
  codec: string;
  peakBandwidth: number;
  averageBandwidth: number;
}

/** A rendition with pictures. */
export interface VideoRendition extends Rendition {
  width: number;
  height: number;
  frameRate: Ratio;
}

/** A rendition with sound only. */
export interface AudioRendition extends Rendition {
  groupId: string;
  name: string;
  language: string | undefined;
  channels: number;
  isDefault: boolean;
  autoSelect: boolean;
  /** Offered as a variant of its own instead of as an alternative track. */
  isVariant: boolean;
}

/** Reads the segment list of a playlist written by ffmpeg. */
export function readSegments(playlist: string): { file: string; durationSeconds: number }[] {
  const segments: { file: string; durationSeconds: number }[] = [];
  let durationSeconds = 0;
  for (const line of playlist.split(/\r?\n/)) {
    if (line.startsWith("#EXTINF:")) durationSeconds = Number.parseFloat(line.slice("#EXTINF:".length));
    else if (line !== "" && !line.startsWith("#")) segments.push({ file: line, durationSeconds });
  }
  return segments;
}

/**
 * Peak and average bit rate (RFC 8216, 4.3.4.2). A short last segment says little about what a player must sustain, so segments shorter than half
 * the longest one do not set the peak.
 */
export function measureBandwidth(segments: readonly Segment[]): { peak: number; average: number } {
  const longest = Math.max(0, ...segments.map((segment) => segment.durationSeconds));
  const rates = segments
    .filter((segment) => segment.durationSeconds > 0 && segment.durationSeconds >= longest / 2)
    .map((segment) => (segment.bytes * 8) / segment.durationSeconds);
  const seconds = segments.reduce((sum, segment) => sum + segment.durationSeconds, 0);
  const bits = segments.reduce((sum, segment) => sum + segment.bytes * 8, 0);
  return { peak: Math.ceil(Math.max(0, ...rates)), average: Math.ceil(seconds > 0 ? bits / seconds : 0) };
}

/** A VOD media playlist (RFC 8216). `init` is the initialization section of fragmented MP4. */
export function writeMediaPlaylist(
  segments: readonly { uri: string; durationSeconds: number }[],
  init: string | undefined,
): string {
  const target = Math.max(1, ...segments.map((segment) => Math.round(segment.durationSeconds)));
  return [
    "#EXTM3U",
    `#EXT-X-VERSION:${init === undefined ? 3 : 6}`,
    `#EXT-X-TARGETDURATION:${target}`,
    "#EXT-X-MEDIA-SEQUENCE:1",
    "#EXT-X-PLAYLIST-TYPE:VOD",
    "#EXT-X-INDEPENDENT-SEGMENTS",
    ...(init === undefined ? [] : [`#EXT-X-MAP:URI="${init}"`]),
    ...segments.flatMap((segment) => [`#EXTINF:${segment.durationSeconds.toFixed(6)},`, segment.uri]),
    "#EXT-X-ENDLIST",
    "",
  ].join("\n");
}

/** Quotes and line ends cannot appear in a quoted attribute (RFC 8216, 4.2). */
const quoted = (text: string): string => `"${text.replace(/["\r\n]/g, "")}"`;
const yesNo = (value: boolean): string => (value ? "YES" : "NO");

function mediaLine(audio: AudioRendition): string {
  const attributes = [
    "TYPE=AUDIO",
    `GROUP-ID=${quoted(audio.groupId)}`,
    ...(audio.language ? [`LANGUAGE=${quoted(audio.language.toLowerCase())}`] : []),
    `NAME=${quoted(audio.name)}`,
    `DEFAULT=${yesNo(audio.isDefault)}`,
    `AUTOSELECT=${yesNo(audio.autoSelect)}`,
    `CHANNELS="${audio.channels}"`,
    `URI=${quoted(audio.playlist)}`,
  ];
  return `#EXT-X-MEDIA:${attributes.join(",")}`;
}

function variantLines(video: VideoRendition, group: readonly AudioRendition[]): string[] {
  const codecs = [...new Set([video.codec, ...group.map((audio) => audio.codec)])].filter((codec) => codec !== "");
  const peak = video.peakBandwidth + Math.max(0, ...group.map((audio) => audio.peakBandwidth));
  const average = video.averageBandwidth + Math.max(0, ...group.map((audio) => audio.averageBandwidth));
  const attributes = [
    `BANDWIDTH=${peak}`,
    `AVERAGE-BANDWIDTH=${average}`,
    `CODECS=${quoted(codecs.join(","))}`,
    `RESOLUTION=${video.width}x${video.height}`,
    `FRAME-RATE=${(video.frameRate.numerator / video.frameRate.denominator).toFixed(3)}`,
    ...(group[0] ? [`AUDIO=${quoted(group[0].groupId)}`] : []),
  ];
  return [`#EXT-X-STREAM-INF:${attributes.join(",")}`, video.playlist];
}

function audioVariantLines(audio: AudioRendition): string[] {
  const rates = `BANDWIDTH=${audio.peakBandwidth},AVERAGE-BANDWIDTH=${audio.averageBandwidth}`;
  return [`#EXT-X-STREAM-INF:${rates},CODECS=${quoted(audio.codec)}`, audio.playlist];
}

/**
 * The multivariant playlist. Variants keep the job's order (players start with the first). Every video variant appears once per audio group;
 * with no pictures at all the audio renditions become the variants.
 */
export function writeMultivariantPlaylist(
  videos: readonly VideoRendition[],
  audios: readonly AudioRendition[],
): string {
  const alternates = videos.length === 0 ? [] : audios.filter((audio) => !audio.isVariant);
  const groupIds = [...new Set(alternates.map((audio) => audio.groupId))];
  const groups = groupIds.map((id) => alternates.filter((audio) => audio.groupId === id));
  const variants = videos.flatMap((video) =>
    (groups.length === 0 ? [[]] : groups).flatMap((group) => variantLines(video, group)),
  );
  const soundVariants = audios.filter((audio) => videos.length === 0 || audio.isVariant).flatMap(audioVariantLines);
  const head = ["#EXTM3U", "#EXT-X-VERSION:6", "#EXT-X-INDEPENDENT-SEGMENTS"];
  return [...head, ...alternates.map(mediaLine), ...variants, ...soundVariants, ""].join("\n");
}

/** `avc1.PPCCLL` (RFC 6381) from the AVC configuration record inside an fMP4 initialization section; undefined when there is none. */
export function avcCodecFromInit(init: Uint8Array): string | undefined {
  const marker = [0x61, 0x76, 0x63, 0x43];
  for (let at = 0; at + 8 <= init.length; at += 1) {
    if (marker.every((byte, offset) => init[at + offset] === byte)) {
      return `avc1.${[...init.subarray(at + 5, at + 8)].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
    }
  }
  return undefined;
}

const PROFILE_BYTES: Record<string, string> = {
  "Constrained Baseline": "42c0",
  Baseline: "4200",
  Main: "4d40",
  High: "6400",
};

/** `avc1.PPCCLL` from the profile name and level ffprobe reports, for streams without an initialization section. */
export function avcCodecFromProfile(profile: string, level: number): string {
  return `avc1.${PROFILE_BYTES[profile] ?? "6400"}${level.toString(16).padStart(2, "0")}`;
}
