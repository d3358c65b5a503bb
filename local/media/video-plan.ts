import type {
  FrameCaptureSettings,
  H264Settings,
  ScalingBehavior,
  VideoDescription,
} from "@aws-sdk/client-mediaconvert";
import { badRequest } from "../aws/rest-json.ts";
import type { Ratio } from "./inspect-media.ts";

/** How H.264 spends bits. Rates are bits per second; `qvbrLevel` is MediaConvert's 1 (worst) to 10 (best). */
export type PlannedRate =
  | { mode: "QVBR"; qvbrLevel: number; maxBitrate: number }
  | { mode: "VBR" | "CBR"; bitrate: number; maxBitrate: number };

/** H.264 of one output. */
export interface PlannedH264 {
  codec: "H_264";
  rate: PlannedRate;
  gop: { size: number; unit: "SECONDS" | "FRAMES" };
  profile: "baseline" | "main" | "high";
  frameRate: Ratio | undefined;
}

/** Numbered JPEG pictures: the first frame, then one every `every` seconds. `quality` is 1 to 100. */
export interface PlannedCapture {
  codec: "FRAME_CAPTURE";
  everySeconds: number;
  maxCaptures: number;
  quality: number;
}

/** The picture of one output; width and height are pixels of the displayed picture. */
export interface PlannedVideo {
  width: number | undefined;
  height: number | undefined;
  scaling: ScalingBehavior;
  encoding: PlannedH264 | PlannedCapture;
}

function between(value: number | undefined, low: number, high: number, path: string): void {
  if (value !== undefined && !(value >= low && value <= high))
    throw badRequest(`${path}: should be between ${low} and ${high}`);
}

function planRate(h264: H264Settings, path: string): PlannedRate {
  between(h264.Bitrate, 1_000, 1_152_000_000, `${path}/bitrate`);
  between(h264.MaxBitrate, 1_000, 1_152_000_000, `${path}/maxBitrate`);
  if (h264.RateControlMode === "QVBR") {
    const maxBitrate = h264.MaxBitrate;
    if (maxBitrate === undefined)
      throw badRequest(`${path}: maxBitrate is a required property when rateControlMode is QVBR`);
    const qvbrLevel = h264.QvbrSettings?.QvbrQualityLevel ?? 7;
    between(qvbrLevel, 1, 10, `${path}/qvbrSettings/qvbrQualityLevel`);
    return { mode: "QVBR", qvbrLevel, maxBitrate };
  }
  const mode = h264.RateControlMode ?? "VBR";
  const bitrate = h264.Bitrate;
  if (bitrate === undefined)
    throw badRequest(`${path}: bitrate is a required property when rateControlMode is ${mode}`);
  return { mode, bitrate, maxBitrate: h264.MaxBitrate ?? (mode === "CBR" ? bitrate : bitrate * 2) };
}

function planFrameRate(h264: H264Settings, path: string): Ratio | undefined {
  if (h264.FramerateControl !== "SPECIFIED") return undefined;
  const { FramerateNumerator: numerator, FramerateDenominator: denominator } = h264;
  if (!numerator || !denominator)
    throw badRequest(
      `${path}: framerateNumerator and framerateDenominator are required when framerateControl is SPECIFIED`,
    );
  return { numerator, denominator };
}

function planH264(h264: H264Settings, path: string): PlannedH264 {
  const unit = h264.GopSizeUnits === "SECONDS" ? "SECONDS" : "FRAMES";
  const profiles: Record<string, PlannedH264["profile"]> = { BASELINE: "baseline", MAIN: "main", HIGH: "high" };
  const profile = profiles[h264.CodecProfile ?? "MAIN"];
  if (!profile) throw badRequest(`${path}/codecProfile: ${h264.CodecProfile} is not implemented locally`);
  const size = h264.GopSizeUnits === "AUTO" || h264.GopSize === undefined ? 90 : h264.GopSize;
  if (!(size > 0)) throw badRequest(`${path}/gopSize: should be greater than 0`);
  return {
    codec: "H_264",
    rate: planRate(h264, path),
    gop: { size, unit },
    profile,
    frameRate: planFrameRate(h264, path),
  };
}

function planCapture(capture: FrameCaptureSettings, path: string): PlannedCapture {
  between(capture.Quality, 1, 100, `${path}/quality`);
  between(capture.MaxCaptures, 1, 10_000_000, `${path}/maxCaptures`);
  const { FramerateNumerator: numerator = 1, FramerateDenominator: denominator = 1 } = capture;
  if (!(numerator > 0) || !(denominator > 0))
    throw badRequest(`${path}: framerateNumerator and framerateDenominator should be at least 1`);
  return {
    codec: "FRAME_CAPTURE",
    everySeconds: denominator / numerator,
    maxCaptures: capture.MaxCaptures ?? 10_000_000,
    quality: capture.Quality ?? 80,
  };
}

const LOCAL_SCALING: readonly string[] = ["DEFAULT", "STRETCH_TO_OUTPUT", "FIT", "FIT_NO_UPSCALE", "FILL"];

/** Checks one video description and keeps what the local encoder honours. Throws `BadRequestException`. */
export function planVideo(description: VideoDescription, path: string): PlannedVideo {
  between(description.Width, 32, 8192, `${path}/width`);
  between(description.Height, 32, 8192, `${path}/height`);
  const scaling = description.ScalingBehavior ?? "DEFAULT";
  if (!LOCAL_SCALING.includes(scaling))
    throw badRequest(`${path}/scalingBehavior: ${scaling} is not implemented locally`);
  const size = { width: description.Width, height: description.Height, scaling };
  const codec = description.CodecSettings;
  const settingsPath = `${path}/codecSettings`;
  if (!codec?.Codec) throw badRequest(`${settingsPath}: codec is a required property`);
  switch (codec.Codec) {
    case "H_264":
      if (!codec.H264Settings) throw badRequest(`${settingsPath}: h264Settings is a required property`);
      return { ...size, encoding: planH264(codec.H264Settings, `${settingsPath}/h264Settings`) };
    case "FRAME_CAPTURE":
      if (!codec.FrameCaptureSettings) throw badRequest(`${settingsPath}: frameCaptureSettings is a required property`);
      return { ...size, encoding: planCapture(codec.FrameCaptureSettings, `${settingsPath}/frameCaptureSettings`) };
    default:
      throw badRequest(`${settingsPath}/codec: ${codec.Codec} is not implemented locally`);
  }
}
