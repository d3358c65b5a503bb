import type { ProbeResult, Track, VideoProperties } from "@aws-sdk/client-mediaconvert";
import type { MediaProbe } from "../../ports/transcoder.ts";

/**
 * What Probe says about a file, as the house sees it; null when it found no media in it. Probe reports the size as coded beside the turn
 * and the shape of a pixel (API reference, VideoProperties); the house wants the picture as it is shown.
 */
export function mediaProbeOf(result: ProbeResult | undefined): MediaProbe | null {
  const container = result?.Container;
  const tracks = container?.Tracks ?? [];
  const video = tracks.find((track) => isMovingPicture(track, container?.Format));
  const audio = tracks.find((track) => track.TrackType === "audio");
  if (!container || (!video && !audio)) return null;
  const durationS = [container, video, audio].map((part) => part?.Duration).find((duration) => duration !== undefined);
  return {
    container: container.Format ?? "unknown",
    durationMs: durationS === undefined ? null : Math.round(durationS * 1000),
    video: video ? pictureOf(video) : null,
    audio: audio ? { codec: audio.Codec ?? "UNKNOWN" } : null,
  };
}

function pictureOf({ Codec = "UNKNOWN", VideoProperties = {} }: Track): NonNullable<MediaProbe["video"]> {
  return { codec: Codec, ...shownSize(VideoProperties), framesPerSecond: framesPerSecondOf(VideoProperties) };
}

/** Containers that cameras wrote whole films of JPEG pictures into. Elsewhere such a track is the cover of a song. */
const MOTION_JPEG: readonly (string | undefined)[] = ["avi", "quicktime", "matroska", "mpegts"];

function isMovingPicture({ TrackType, Codec, VideoProperties }: Track, format: string | undefined): boolean {
  const hasSize = Boolean(VideoProperties?.Width && VideoProperties.Height);
  return TrackType === "video" && hasSize && (Codec !== "MJPEG" || MOTION_JPEG.includes(format));
}

function shownSize(properties: VideoProperties): { width: number; height: number } {
  const { Width = 0, Height = 0, Rotation = 0, SampleAspectRatio } = properties;
  const numerator = SampleAspectRatio?.Numerator ?? 1;
  const denominator = SampleAspectRatio?.Denominator ?? 1;
  const wide = numerator > 0 && denominator > 0 ? Math.round((Width * numerator) / denominator) : Width;
  return Rotation % 180 === 0 ? { width: wide, height: Height } : { width: Height, height: wide };
}

function framesPerSecondOf({ FrameRate }: VideoProperties): number {
  const { Numerator = 0, Denominator = 1 } = FrameRate ?? {};
  return Numerator > 0 && Denominator > 0 ? Numerator / Denominator : 30;
}
