import { join } from "node:path";
import type { ScalingBehavior } from "@aws-sdk/client-mediaconvert";
import { flags } from "./ffmpeg.ts";
import {
  type EncodeOutput,
  type EncodePlan,
  even,
  extraTurn,
  ratioValue,
  shownSize,
  type Size,
} from "./resolve-outputs.ts";
import type { PlannedCapture, PlannedH264 } from "./video-plan.ts";

/** x264's constant rate factor for MediaConvert's quality levels 1 to 10. */
const QVBR_TO_CRF = [35, 35, 33, 31, 29, 27, 25, 23, 21, 19, 17] as const;

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

/**
 * B-frames delay the first picture of fragmented MP4 by two frames against the sound, and the hls muxer of old builds cannot be told to correct
 * that with negative composition offsets.
 */
const NO_B_FRAMES = { bf: 0 };

/** A key frame at every multiple of the GOP length, whatever the frame rate, so that all renditions can be cut at the same times. */
function h264Flags(h264: PlannedH264, output: EncodeOutput, preset: string): string[] {
  const rate = output.frameRate!;
  const gopSeconds = h264.gop.unit === "SECONDS" ? h264.gop.size : h264.gop.size / ratioValue(rate);
  const quality =
    h264.rate.mode === "QVBR" ? { crf: QVBR_TO_CRF[h264.rate.qvbrLevel] ?? 23 } : { "b:v": h264.rate.bitrate };
  return flags({
    "c:v": "libx264",
    preset,
    "profile:v": h264.profile,
    ...quality,
    maxrate: h264.rate.maxBitrate,
    bufsize: h264.rate.maxBitrate * 2,
    force_key_frames: `expr:gte(t,n_forced*${gopSeconds})`,
    g: Math.ceil(gopSeconds * ratioValue(rate) * 2),
    sc_threshold: 0,
    flags: "+cgop",
    ...(output.planned.kind === "cmaf-video" ? NO_B_FRAMES : {}),
  });
}

function captureFlags(capture: PlannedCapture): string[] {
  const quantizer = Math.round(2 + ((100 - capture.quality) * 29) / 99);
  return flags({ "c:v": "mjpeg", "q:v": quantizer, r: CAPTURE_WRITE_RATE, "frames:v": capture.maxCaptures });
}

function hlsArguments(output: EncodeOutput, type: "fmp4" | "mpegts", extension: string): string[] {
  const options = flags({
    f: "hls",
    hls_time: output.group.segmentSeconds,
    hls_playlist_type: "vod",
    hls_segment_type: type,
    start_number: 1,
    hls_segment_filename: `${output.stem}_%09d.${extension}`,
    ...(type === "fmp4" ? { hls_fmp4_init_filename: `${output.stem}init.${extension}` } : {}),
  });
  return [...options, `${output.stem}.m3u8`];
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
      return [...flags({ f: "image2", start_number: 0 }), `${output.stem}.%07d.jpg`];
    case "mp4":
      return [...flags({ movflags: "+faststart", f: "mp4" }), `${output.stem}.mp4`];
  }
}

function videoArguments(output: EncodeOutput, preset: string): string[] {
  const encoding = output.planned.video?.encoding;
  if (!encoding) return [];
  const codec = encoding.codec === "FRAME_CAPTURE" ? captureFlags(encoding) : h264Flags(encoding, output, preset);
  return [...flags({ map: `[${output.stem}]` }), ...codec];
}

function audioArguments(output: EncodeOutput): string[] {
  const { audio } = output.planned;
  if (!audio || !output.audioTrack) return [];
  return flags({
    map: `0:a:${output.audioTrack.ordinal}`,
    "c:a": "aac",
    "b:a": audio.bitrate,
    ar: audio.sampleRate,
    ac: audio.channels,
  });
}

function outputArguments(output: EncodeOutput, preset: string): string[] {
  const bare = ["-sn", "-dn", ...flags({ map_metadata: -1, map_chapters: -1, threads: 2 })];
  return [...videoArguments(output, preset), ...audioArguments(output), ...bare, ...containerArguments(output)];
}

/**
 * The one ffmpeg command of a job: the input is decoded once and every output encoded from it, each rendition with its own `-f hls`. (Several
 * variants in one `-var_stream_map` would be shorter, but static builds of 2018 crash on it.) File names are relative to the work folder.
 */
export function encodeCommand(plan: EncodePlan, inputFile: string, options: { fast: boolean }): string[] {
  const graph = filterGraph(plan);
  const input = flags({ v: "error", threads: 2, protocol_whitelist: "file", i: inputFile });
  const filters = graph === "" ? [] : flags({ filter_complex_threads: 2, filter_complex: graph });
  const preset = options.fast ? "ultrafast" : "veryfast";
  const outputs = plan.outputs.flatMap((output) => outputArguments(output, preset));
  return [
    "-hide_banner",
    "-nostdin",
    "-y",
    ...input,
    ...filters,
    "-nostats",
    ...flags({ progress: "pipe:1" }),
    ...outputs,
  ];
}

/** Where one output's file lies in the work folder. */
export function workFile(folder: string, output: EncodeOutput, suffix: string): string {
  return join(folder, `${output.stem}${suffix}`);
}
