import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { Codec, Container, Format, ProbeResult, Track } from "@aws-sdk/client-mediaconvert";
import type { AudioTrack, MediaInfo, VideoTrack } from "./inspect-media.ts";

const CODECS: Record<string, Codec> = {
  h264: "AVC",
  hevc: "HEVC",
  av1: "AV1",
  vp8: "VP8",
  vp9: "VP9",
  mpeg2video: "MPEG2",
  mpeg1video: "MPEG1",
  mpeg4: "MP4V",
  prores: "PRORES",
  mjpeg: "MJPEG",
  theora: "THEORA",
  vc1: "VC1",
  h263: "H263",
  jpeg2000: "JPEG2000",
  rawvideo: "UNCOMPRESSED",
  qtrle: "QTRLE",
  dvvideo: "DV",
  aac: "AAC",
  ac3: "AC3",
  eac3: "EAC3",
  mp3: "MP3",
  mp2: "MP2",
  opus: "OPUS",
  vorbis: "VORBIS",
  flac: "FLAC",
  amr_nb: "AMR",
  wmav2: "WMA2",
};

/** ffprobe names demuxers, which often stand for several containers (`mov,mp4,m4a,…`); the first that fits decides. */
const FORMATS: readonly (readonly [RegExp, Format])[] = [
  [/\bmp4\b/, "mp4"],
  [/\bmatroska\b/, "matroska"],
  [/\bmpegts\b/, "mpegts"],
  [/^mpeg$/, "mpegps"],
  [/\bavi\b/, "avi"],
  [/\bmp3\b/, "mp3"],
  [/\bwav\b/, "wave"],
  [/\bflac\b/, "flac"],
  [/\bogg\b/, "ogg"],
  [/\basf\b/, "asf"],
  [/\bmxf\b/, "mxf"],
];

const codecOf = (name: string): Codec => CODECS[name] ?? (name.startsWith("pcm_") ? "PCM" : "UNKNOWN");

function formatOf(info: MediaInfo, contentType: string): Format | undefined {
  const format = FORMATS.find(([pattern]) => pattern.test(info.format))?.[1];
  if (format === "mp4" && contentType === "video/quicktime") return "quicktime";
  return format === "matroska" && contentType === "video/webm" ? "webm" : format;
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

function displayAspect(track: VideoTrack): { Numerator: number; Denominator: number } {
  const width = track.width * track.sampleAspect.numerator;
  const height = track.height * track.sampleAspect.denominator;
  const divisor = gcd(width, height) || 1;
  return { Numerator: width / divisor, Denominator: height / divisor };
}

/** Width and height are as coded; `Rotation` is the clockwise turn from the container, absent when it is zero (SDK documentation of the member). */
function videoTrack(track: VideoTrack, info: MediaInfo): Track {
  const duration = track.durationSeconds ?? info.durationSeconds;
  return {
    Index: track.index + 1,
    TrackType: "video",
    Codec: codecOf(track.codec),
    ...(duration === undefined ? {} : { Duration: duration }),
    VideoProperties: {
      Width: track.width,
      Height: track.height,
      BitDepth: track.bitDepth,
      ...(track.bitRate === undefined ? {} : { BitRate: track.bitRate }),
      FrameRate: { Numerator: track.frameRate.numerator, Denominator: track.frameRate.denominator },
      SampleAspectRatio: { Numerator: track.sampleAspect.numerator, Denominator: track.sampleAspect.denominator },
      DisplayAspectRatio: displayAspect(track),
      ...(track.rotation === 0 ? {} : { Rotation: track.rotation }),
    },
  };
}

function audioTrack(track: AudioTrack, info: MediaInfo): Track {
  const duration = track.durationSeconds ?? info.durationSeconds;
  return {
    Index: track.index + 1,
    TrackType: "audio",
    Codec: codecOf(track.codec),
    ...(duration === undefined ? {} : { Duration: duration }),
    AudioProperties: {
      Channels: track.channels,
      SampleRate: track.sampleRate,
      ...(track.channelLayout === "" ? {} : { ChannelLayout: track.channelLayout }),
      ...(track.bitRate === undefined ? {} : { BitRate: track.bitRate }),
      ...(track.language === undefined ? {} : { LanguageCode: track.language }),
    },
  };
}

async function md5(file: string): Promise<string> {
  const hash = createHash("md5");
  for await (const chunk of createReadStream(file)) hash.update(chunk as Uint8Array);
  return hash.digest("hex");
}

/** The answer of the Probe operation for one stored object. Track indexes count from one. */
export async function probeResult(
  object: { size: number; contentType: string; file: string },
  info: MediaInfo,
): Promise<ProbeResult> {
  const tracks = [
    ...info.video.map((track) => videoTrack(track, info)),
    ...info.audio.map((track) => audioTrack(track, info)),
  ];
  const format = formatOf(info, object.contentType);
  const container: Container = {
    ...(format === undefined ? {} : { Format: format }),
    ...(info.durationSeconds === undefined ? {} : { Duration: info.durationSeconds }),
    ...(info.bitRate === undefined ? {} : { BitRate: info.bitRate }),
    Tracks: tracks.toSorted((a, b) => (a.Index ?? 0) - (b.Index ?? 0)),
  };
  return {
    Container: container,
    Metadata: {
      ETag: `"${await md5(object.file)}"`,
      FileSize: object.size,
      LastModified: new Date(Math.floor((await stat(object.file)).mtimeMs / 1000) * 1000),
      MimeType: object.contentType,
    },
    TrackMappings: [
      {
        VideoTrackIndexes: info.video.map((track) => track.index + 1),
        AudioTrackIndexes: info.audio.map((track) => track.index + 1),
        DataTrackIndexes: info.dataTrackIndexes.map((index) => index + 1),
      },
    ],
  };
}
