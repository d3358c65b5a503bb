import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type MediaTools, type ProgramResult, runProgram } from "./ffmpeg.ts";

/** A rational number, as containers store frame rates. */
export interface Ratio {
  numerator: number;
  denominator: number;
}

/** One picture track; sizes are as coded, `rotation` is the clockwise turn a player applies, `ordinal` counts among the file's video streams. */
export interface VideoTrack {
  index: number;
  ordinal: number;
  codec: string;
  profile: string;
  level: number;
  width: number;
  height: number;
  sampleAspect: Ratio;
  frameRate: Ratio;
  rotation: 0 | 90 | 180 | 270;
  bitDepth: number;
  pixelFormat: string;
  bitRate: number | undefined;
  durationSeconds: number | undefined;
  codecTag: string;
}

/** One sound track; `ordinal` counts among the file's audio streams. */
export interface AudioTrack {
  index: number;
  ordinal: number;
  codec: string;
  channels: number;
  channelLayout: string;
  sampleRate: number;
  bitRate: number | undefined;
  language: string | undefined;
  durationSeconds: number | undefined;
}

/** What a media file contains. Attached pictures (album covers) are not video tracks. */
export interface MediaInfo {
  format: string;
  durationSeconds: number | undefined;
  bitRate: number | undefined;
  video: VideoTrack[];
  audio: AudioTrack[];
  dataTrackIndexes: number[];
}

/** The file is no readable media; `reason` is one of the service's documented phrases. */
export class UnreadableMedia extends Error {
  readonly reason: string;
  constructor(reason: string) {
    super(reason);
    this.name = "UnreadableMedia";
    this.reason = reason;
  }
}

interface ProbeStream {
  index: number;
  codec_type?: string;
  codec_name?: string;
  codec_tag_string?: string;
  profile?: string;
  level?: number;
  width?: number;
  height?: number;
  sample_aspect_ratio?: string;
  avg_frame_rate?: string;
  r_frame_rate?: string;
  pix_fmt?: string;
  bits_per_raw_sample?: string;
  bit_rate?: string;
  duration?: string;
  channels?: number;
  channel_layout?: string;
  sample_rate?: string;
  tags?: Record<string, string>;
  disposition?: Record<string, number>;
  side_data_list?: { rotation?: number | string }[];
}

function positive(text: string | undefined): number | undefined {
  const value = Number(text);
  return Number.isFinite(value) && value > 0 ? value : undefined;
}

function ratio(text: string | undefined): Ratio | undefined {
  const [numerator, denominator] = (text ?? "").split(/[:/]/).map(Number);
  if (!numerator || !denominator || numerator < 0 || denominator < 0) return undefined;
  return { numerator, denominator };
}

/** Current builds report the display matrix as side data (counter-clockwise); builds before 2018 also wrote a clockwise `rotate` tag. */
function clockwiseRotation(stream: ProbeStream): VideoTrack["rotation"] {
  const fromMatrix = stream.side_data_list?.map((data) => Number(data.rotation)).find(Number.isFinite);
  const degrees = fromMatrix === undefined ? Number(stream.tags?.["rotate"] ?? 0) : -fromMatrix;
  const turned = ((Math.round(degrees) % 360) + 360) % 360;
  return turned === 90 || turned === 180 || turned === 270 ? turned : 0;
}

const depthOf = (pixelFormat: string): number => Number(/p(10|12)/.exec(pixelFormat)?.[1] ?? 8);

function frameRateOf(stream: ProbeStream): Ratio {
  return ratio(stream.avg_frame_rate) ?? ratio(stream.r_frame_rate) ?? { numerator: 30, denominator: 1 };
}

function videoTrack(stream: ProbeStream, ordinal: number): VideoTrack {
  const pixelFormat = stream.pix_fmt ?? "unknown";
  return {
    index: stream.index,
    ordinal,
    codec: stream.codec_name ?? "unknown",
    profile: stream.profile ?? "",
    level: stream.level ?? 0,
    width: stream.width ?? 0,
    height: stream.height ?? 0,
    sampleAspect: ratio(stream.sample_aspect_ratio) ?? { numerator: 1, denominator: 1 },
    frameRate: frameRateOf(stream),
    rotation: clockwiseRotation(stream),
    bitDepth: positive(stream.bits_per_raw_sample) ?? depthOf(pixelFormat),
    pixelFormat,
    bitRate: positive(stream.bit_rate),
    durationSeconds: positive(stream.duration),
    codecTag: stream.codec_tag_string ?? "",
  };
}

function audioTrack(stream: ProbeStream, ordinal: number): AudioTrack {
  return {
    index: stream.index,
    ordinal,
    codec: stream.codec_name ?? "unknown",
    channels: stream.channels ?? 0,
    channelLayout: stream.channel_layout ?? "",
    sampleRate: Number(stream.sample_rate ?? 0),
    bitRate: positive(stream.bit_rate),
    language: stream.tags?.["language"],
    durationSeconds: positive(stream.duration),
  };
}

const isPicture = (stream: ProbeStream): boolean =>
  stream.codec_type === "video" && stream.disposition?.["attached_pic"] !== 1 && (stream.width ?? 0) > 0;

/**
 * Formats a tool would guess from text or single pictures although no upload of a film has them; MediaConvert finds no parser for these.
 * Playlists are among them on purpose: an uploaded playlist must never make the transcoder open other addresses.
 */
const NO_CONTAINER =
  /^(tty|ansi|image2|png_pipe|jpeg_pipe|webp_pipe|svg_pipe|gif|concat|concatf|hls|dash|ffmetadata|srt|webvtt|subviewer|ass|lrc|txt|sdp|.*_pipe)$/;

const FIRST_BOXES: readonly string[] = ["ftyp", "moov", "mdat", "wide", "free", "skip", "pnot"];

/** Whether the file begins like an MP4 or QuickTime film; ffprobe also tries that format on anything named `.mp4`. */
async function startsWithBox(file: string): Promise<boolean> {
  const head = await readAt(file, 0, 8);
  return head.length === 8 && FIRST_BOXES.includes(new TextDecoder("latin1").decode(head.subarray(4)));
}

function probe(tools: MediaTools, file: string): Promise<ProgramResult> {
  return runProgram(tools.ffprobe, [
    "-v",
    "error",
    "-protocol_whitelist",
    "file",
    "-show_format",
    "-show_streams",
    "-of",
    "json",
    file,
  ]);
}

/** Some static builds of ffprobe crash on transport streams. Then ffmpeg, which does not, copies the tracks into a container they can read. */
async function probeCopy(tools: MediaTools, file: string): Promise<ProgramResult> {
  const folder = await mkdtemp(join(tmpdir(), "hiroba-probe-"));
  try {
    const copy = join(folder, "copy.mkv");
    const maps = ["-map", "0:v?", "-map", "0:a?", "-c", "copy", "-f", "matroska"];
    const made = await runProgram(tools.ffmpeg, [
      "-v",
      "error",
      "-nostdin",
      "-protocol_whitelist",
      "file",
      "-i",
      file,
      ...maps,
      copy,
    ]);
    return made.code === 0 ? await probe(tools, copy) : { ...made, code: made.code ?? 1 };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const TRANSPORT_STREAM_SYNC_BYTE = 0x47;

async function readAt(file: string, position: number, length: number): Promise<Uint8Array> {
  const handle = await open(file);
  try {
    const { bytesRead, buffer } = await handle.read(new Uint8Array(length), 0, length, position);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

interface Probed {
  streams?: ProbeStream[];
  format?: { format_name?: string; duration?: string; bit_rate?: string };
}

async function runProbe(tools: MediaTools, file: string): Promise<Probed> {
  const first = await probe(tools, file);
  const crashed = first.code === null;
  const result = crashed ? await probeCopy(tools, file) : first;
  if (result.code !== 0) {
    const isCutFilm = result.stderr.includes("moov atom not found") && (await startsWithBox(file));
    throw new UnreadableMedia(isCutFilm ? "no moov box found in file" : "No parser found for container");
  }
  const probed = JSON.parse(result.stdout) as Probed;
  const isTransportStream = crashed && (await readAt(file, 0, 1))[0] === TRANSPORT_STREAM_SYNC_BYTE;
  return isTransportStream ? { ...probed, format: { ...probed.format, format_name: "mpegts" } } : probed;
}

/**
 * Reads a file's container and tracks with ffprobe. Throws `UnreadableMedia` for what is no media, is truncated before its index, or is empty.
 * Only local files are opened (`-protocol_whitelist file`), so a file that names other addresses cannot make this machine fetch them.
 */
export async function inspectMedia(tools: MediaTools, file: string): Promise<MediaInfo> {
  const { streams = [], format } = await runProbe(tools, file);
  const formatName = format?.format_name ?? "";
  if (streams.length === 0 || NO_CONTAINER.test(formatName)) throw new UnreadableMedia("No parser found for container");
  const ofType = (type: string) => streams.filter((stream) => stream.codec_type === type);
  const others = streams.filter((stream) => stream.codec_type !== "video" && stream.codec_type !== "audio");
  return {
    format: formatName,
    durationSeconds: positive(format?.duration),
    bitRate: positive(format?.bit_rate),
    video: ofType("video").flatMap((stream, ordinal) => (isPicture(stream) ? videoTrack(stream, ordinal) : [])),
    audio: ofType("audio").flatMap((stream, ordinal) => (stream.channels ? audioTrack(stream, ordinal) : [])),
    dataTrackIndexes: others.map((stream) => stream.index),
  };
}
