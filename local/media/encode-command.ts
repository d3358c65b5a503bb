import { join } from "node:path";
import type { InputRotate, ScalingBehavior } from "@aws-sdk/client-mediaconvert";
import type { AudioTrack, MediaInfo, Ratio, VideoTrack } from "./inspect-media.ts";
import type { JobPlan, PlannedAudio, PlannedGroup, PlannedOutput } from "./job-plan.ts";
import { JobFailure } from "./job-failure.ts";
import type { PlannedCapture, PlannedH264, PlannedVideo } from "./video-plan.ts";

const DEGREES: Record<InputRotate, number> = {
  AUTO: 0,
  DEGREE_0: 0,
  DEGREES_90: 90,
  DEGREES_180: 180,
  DEGREES_270: 270,
};
const QVBR_TO_CRF = [35, 35, 33, 31, 29, 27, 25, 23, 21, 19, 17] as const;

/** A size in square pixels. */
export interface Size {
  width: number;
  height: number;
}

/** An output with everything decided that depends on the input. `stem` names its files in the work folder. */
export interface EncodeOutput {
  planned: PlannedOutput;
  group: PlannedGroup;
  stem: string;
  size: Size | undefined;
  frameRate: Ratio | undefined;
  audioTrack: AudioTrack | undefined;
}

/** The whole job as one ffmpeg run; `skipped` are audio-only outputs whose selector found no track. */
export interface EncodePlan {
  outputs: EncodeOutput[];
  skipped: PlannedOutput[];
  video: VideoTrack | undefined;
  rotate: InputRotate;
}

const even = (value: number): number => Math.max(2, Math.round(value / 2) * 2);
const ratioValue = (ratio: Ratio): number => ratio.numerator / ratio.denominator;

/** ffmpeg turns the picture by the container's matrix while decoding, which also drops the matrix; the rest of the wanted turn is added after. */
function extraTurn(track: VideoTrack, rotate: InputRotate): number {
  return rotate === "AUTO" ? 0 : (DEGREES[rotate] - track.rotation + 360) % 360;
}

/** Size of the picture as it is shown: turned as asked, with square pixels. */
export function shownSize(track: VideoTrack, rotate: InputRotate): Size {
  const wide = { width: track.width * ratioValue(track.sampleAspect), height: track.height };
  const turn = rotate === "AUTO" ? track.rotation : DEGREES[rotate];
  return turn % 180 === 0 ? wide : { width: wide.height, height: wide.width };
}

function outputSize(video: PlannedVideo, shown: Size): Size {
  const { width, height } = video;
  if ((width ?? 0) % 2 !== 0 || (height ?? 0) % 2 !== 0) {
    throw new JobFailure(1040, `Invalid resolution [${width} x ${height}], only even values are supported.`);
  }
  if (width !== undefined && height !== undefined) return { width, height };
  if (width !== undefined) return { width, height: even((width * shown.height) / shown.width) };
  if (height !== undefined) return { width: even((height * shown.width) / shown.height), height };
  return { width: even(shown.width), height: even(shown.height) };
}

function selectAudio(plan: JobPlan, info: MediaInfo, audio: PlannedAudio): AudioTrack | undefined {
  if (info.audio.length === 0) return undefined;
  const wanted = plan.audioTracks[audio.selector]?.[0] ?? 1;
  const track = info.audio[wanted - 1];
  if (!track)
    throw new JobFailure(
      1040,
      `Invalid audio track specified for audio_selector [1]. Audio track [${wanted}] not found in input container.`,
    );
  return track;
}

/**
 * Decides sizes, rates and tracks for this input. An input without pictures fails the job with 1020, as documented. An input without sound:
 * MediaConvert documents error 1021 for it; here the sound is left out instead and the caller warns, so that silent films can be watched locally.
 */
export function resolveOutputs(plan: JobPlan, info: MediaInfo): EncodePlan {
  const video = info.video[0];
  const wantsVideo = plan.groups.some((group) => group.outputs.some((output) => output.video));
  if (wantsVideo && !video) throw new JobFailure(1020, "No video found in program [1]");
  const outputs: EncodeOutput[] = [];
  const skipped: PlannedOutput[] = [];
  plan.groups.forEach((group, groupIndex) =>
    group.outputs.forEach((planned, outputIndex) => {
      const audioTrack = planned.audio ? selectAudio(plan, info, planned.audio) : undefined;
      if (!planned.video && !audioTrack) {
        skipped.push(planned);
        return;
      }
      const wantedRate = planned.video?.encoding.codec === "H_264" ? planned.video.encoding.frameRate : undefined;
      outputs.push({
        planned,
        group,
        stem: `g${groupIndex}o${outputIndex}`,
        size: planned.video && video ? outputSize(planned.video, shownSize(video, plan.rotate)) : undefined,
        frameRate: planned.video ? (wantedRate ?? video?.frameRate) : undefined,
        audioTrack,
      });
    }),
  );
  if (outputs.length === 0)
    throw new JobFailure(1021, "No audio frames decoded on [selector-(Audio Selector 1)-track-1-drc]");
  return { outputs, skipped, video, rotate: plan.rotate };
}

const TURNS: Record<number, string[]> = {
  0: [],
  90: ["transpose=clock"],
  180: ["hflip", "vflip"],
  270: ["transpose=cclock"],
};

/** MediaConvert keeps the picture's shape by default and fills the rest with black; a difference below one per cent is scaling noise. */
function scaleFilters(scaling: ScalingBehavior, shown: Size, size: Size): string[] {
  const { width, height } = size;
  const mismatch = Math.abs((shown.width / shown.height) * (height / width) - 1);
  if (scaling === "STRETCH_TO_OUTPUT" || mismatch < 0.01) return [`scale=${width}:${height}`, "setsar=1"];
  if (scaling === "FILL") {
    const factor = Math.max(width / shown.width, height / shown.height);
    return [
      `scale=${even(shown.width * factor)}:${even(shown.height * factor)}`,
      `crop=${width}:${height}`,
      "setsar=1",
    ];
  }
  const fitted = Math.min(width / shown.width, height / shown.height);
  const factor = scaling === "FIT_NO_UPSCALE" ? Math.min(1, fitted) : fitted;
  const [innerWidth, innerHeight] = [
    Math.min(width, even(shown.width * factor)),
    Math.min(height, even(shown.height * factor)),
  ];
  return [`scale=${innerWidth}:${innerHeight}`, `pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2`, "setsar=1"];
}

/** Pictures get consecutive times at this rate, so that no build repeats or drops any of them. */
const CAPTURE_WRITE_RATE = 25;

function videoChain(output: EncodeOutput, plan: EncodePlan): string {
  const { encoding, scaling } = output.planned.video!;
  const filters = scaleFilters(scaling, shownSize(plan.video!, plan.rotate), output.size!);
  if (encoding.codec === "FRAME_CAPTURE") {
    const pick = `select='gte(t,selected_n*${encoding.everySeconds})'`;
    return [pick, ...filters, `setpts=N/(${CAPTURE_WRITE_RATE}*TB)`, "format=yuvj420p"].join(",");
  }
  const rate = output.frameRate!;
  return [`fps=${rate.numerator}/${rate.denominator}`, ...filters, "format=yuv420p"].join(",");
}

function filterGraph(plan: EncodePlan): string {
  const pictures = plan.outputs.filter((output) => output.planned.video);
  if (pictures.length === 0) return "";
  const turn = TURNS[extraTurn(plan.video!, plan.rotate)] ?? [];
  const pads = pictures.map((output) => `[${output.stem}in]`).join("");
  const source = [`[0:v:${plan.video!.ordinal}]${[...turn, `split=${pictures.length}`].join(",")}${pads}`];
  return [...source, ...pictures.map((output) => `[${output.stem}in]${videoChain(output, plan)}[${output.stem}]`)].join(
    ";",
  );
}

function h264Arguments(h264: PlannedH264, rate: Ratio, preset: string): string[] {
  const gopSeconds = h264.gop.unit === "SECONDS" ? h264.gop.size : h264.gop.size / ratioValue(rate);
  const bits =
    h264.rate.mode === "QVBR"
      ? ["-crf", String(QVBR_TO_CRF[h264.rate.qvbrLevel] ?? 23)]
      : ["-b:v", String(h264.rate.bitrate)];
  return [
    ...["-c:v", "libx264", "-preset", preset, "-profile:v", h264.profile, ...bits],
    ...["-maxrate", String(h264.rate.maxBitrate), "-bufsize", String(h264.rate.maxBitrate * 2)],
    ...[
      "-force_key_frames",
      `expr:gte(t,n_forced*${gopSeconds})`,
      "-g",
      String(Math.ceil(gopSeconds * ratioValue(rate) * 2)),
    ],
    ...["-sc_threshold", "0", "-flags", "+cgop"],
  ];
}

function captureArguments(capture: PlannedCapture): string[] {
  const quantizer = Math.round(2 + ((100 - capture.quality) * 29) / 99);
  return [
    ...["-c:v", "mjpeg", "-q:v", String(quantizer), "-r", String(CAPTURE_WRITE_RATE)],
    ...["-frames:v", String(capture.maxCaptures)],
  ];
}

function hlsArguments(output: EncodeOutput, type: "fmp4" | "mpegts", extension: string): string[] {
  const init = type === "fmp4" ? ["-hls_fmp4_init_filename", `${output.stem}init.${extension}`] : [];
  return [
    ...[
      "-f",
      "hls",
      "-hls_time",
      String(output.group.segmentSeconds),
      "-hls_playlist_type",
      "vod",
      "-hls_segment_type",
      type,
    ],
    ...[
      "-start_number",
      "1",
      "-hls_segment_filename",
      `${output.stem}_%09d.${extension}`,
      ...init,
      `${output.stem}.m3u8`,
    ],
  ];
}

function containerArguments(output: EncodeOutput): string[] {
  switch (output.planned.kind) {
    case "cmaf-video":
      return hlsArguments(output, "fmp4", "cmfv");
    case "cmaf-audio":
      return hlsArguments(output, "fmp4", "cmfa");
    case "ts":
      return hlsArguments(output, "mpegts", "ts");
    case "frames":
      return ["-f", "image2", "-start_number", "0", `${output.stem}.%07d.jpg`];
    case "mp4":
      return ["-movflags", "+faststart", "-f", "mp4", `${output.stem}.mp4`];
  }
}

function outputArguments(output: EncodeOutput, preset: string): string[] {
  const { video, audio } = output.planned;
  const args: string[] = [];
  if (video) {
    args.push("-map", `[${output.stem}]`);
    const { encoding } = video;
    args.push(
      ...(encoding.codec === "FRAME_CAPTURE"
        ? captureArguments(encoding)
        : h264Arguments(encoding, output.frameRate!, preset)),
    );
  }
  if (audio && output.audioTrack) {
    args.push("-map", `0:a:${output.audioTrack.ordinal}`, "-c:a", "aac", "-b:a", String(audio.bitrate));
    args.push("-ar", String(audio.sampleRate), "-ac", String(audio.channels));
  }
  return [
    ...args,
    "-map_metadata",
    "-1",
    "-map_chapters",
    "-1",
    "-sn",
    "-dn",
    "-threads",
    "2",
    ...containerArguments(output),
  ];
}

/**
 * The one ffmpeg command of a job: the input is decoded once and every output encoded from it, each rendition with its own `-f hls`. (Several
 * variants in one `-var_stream_map` would be shorter, but static builds of 2018 crash on it.) File names are relative to the work folder.
 */
export function encodeCommand(plan: EncodePlan, inputFile: string, options: { fast: boolean }): string[] {
  const graph = filterGraph(plan);
  return [
    ...[
      "-hide_banner",
      "-nostdin",
      "-v",
      "error",
      "-y",
      "-threads",
      "2",
      "-protocol_whitelist",
      "file,pipe",
      "-i",
      inputFile,
    ],
    ...(graph === "" ? [] : ["-filter_complex_threads", "2", "-filter_complex", graph]),
    ...["-progress", "pipe:1", "-nostats"],
    ...plan.outputs.flatMap((output) => outputArguments(output, options.fast ? "ultrafast" : "veryfast")),
  ];
}

/** Where one output's file lies in the work folder. */
export function workFile(folder: string, output: EncodeOutput, suffix: string): string {
  return join(folder, `${output.stem}${suffix}`);
}
