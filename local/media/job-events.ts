import { createHash } from "node:crypto";
import type { Job, JobPhase } from "@aws-sdk/client-mediaconvert";
import type { ServiceEvent } from "../events/event-envelope.ts";
import type { MediaInfo } from "./inspect-media.ts";
import type { JobRecord } from "./job-store.ts";
import type { FinishedGroup } from "./publish-outputs.ts";

/** The states MediaConvert reports ("List of MediaConvert EventBridge events"). There is no SUBMITTED event. */
export type JobEventStatus = "INPUT_INFORMATION" | "PROGRESSING" | "STATUS_UPDATE" | "COMPLETE" | "ERROR" | "CANCELED";

/** A UUID made from what happened, so that reporting the same thing again after a crash repeats the id and receivers can drop it. */
function eventId(parts: readonly string[]): string {
  const hex = createHash("sha256").update(parts.join("\n")).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** One "MediaConvert Job State Change" event. `occasion` tells apart repeats of a status, such as the second STATUS_UPDATE. */
export function jobEvent(
  record: JobRecord,
  status: JobEventStatus,
  details: { now: Date; accountId: string; occasion: string; extra?: Record<string, unknown> },
): ServiceEvent {
  const { job } = record;
  return {
    id: eventId([job.Id, status, details.occasion]),
    time: `${details.now.toISOString().slice(0, 19)}Z`,
    source: "aws.mediaconvert",
    detailType: "MediaConvert Job State Change",
    resources: [job.Arn ?? ""],
    detail: {
      timestamp: details.now.getTime(),
      accountId: details.accountId,
      queue: job.Queue,
      jobId: job.Id,
      status,
      userMetadata: job.UserMetadata ?? {},
      ...details.extra,
    },
  };
}

const EVENT_CODECS: Record<string, string> = {
  h264: "H_264",
  hevc: "H_265",
  mpeg2video: "MPEG2",
  aac: "AAC",
  mp3: "MP3",
  opus: "OPUS",
  vp9: "VP9",
  av1: "AV1",
};
const codecName = (codec: string): string => EVENT_CODECS[codec] ?? codec.toUpperCase();

/** `inputDetails` of INPUT_INFORMATION. */
export function inputDetails(uri: string, info: MediaInfo): Record<string, unknown> {
  const video = info.video.map((track) => ({
    streamId: track.index + 1,
    codec: codecName(track.codec),
    width: track.width,
    height: track.height,
    frameRate: Number((track.frameRate.numerator / track.frameRate.denominator).toFixed(3)),
    sar: `${track.sampleAspect.numerator}:${track.sampleAspect.denominator}`,
    bitDepth: track.bitDepth,
    interlaceMode: "PROGRESSIVE",
    colorFormat: "YUV_420",
    standard: "UNSPECIFIED",
    fourCC: track.codecTag,
  }));
  const audio = info.audio.map((track) => ({
    streamId: track.index + 1,
    codec: codecName(track.codec),
    channels: track.channels,
    sampleRate: track.sampleRate,
    language: (track.language ?? "und").toUpperCase(),
  }));
  return { inputDetails: [{ id: 1, uri, audio, video }] };
}

/** `jobProgress` of STATUS_UPDATE. */
export function progressDetails(phase: JobPhase, percent: number): Record<string, unknown> {
  const order: JobPhase[] = ["PROBING", "TRANSCODING", "UPLOADING"];
  const phaseProgress = order.map((name) => {
    const at = order.indexOf(phase) - order.indexOf(name);
    if (at > 0) return [name, { status: "COMPLETE", percentComplete: 100 }];
    return [
      name,
      at === 0 ? { status: "PROGRESSING", percentComplete: percent } : { status: "PENDING", percentComplete: 0 },
    ];
  });
  return {
    jobProgress: {
      phaseProgress: Object.fromEntries(phaseProgress),
      jobPercentComplete: percent,
      currentPhase: phase,
      retryCount: 0,
    },
  };
}

/** `outputGroupDetails` of COMPLETE. A CMAF group names its playlists only; its outputs carry no file paths. */
export function completionDetails(
  groups: readonly FinishedGroup[],
  warnings: Job["Warnings"],
): Record<string, unknown> {
  const outputGroupDetails = groups.map((group) => ({
    outputDetails: group.outputDetails.map(({ outputFilePaths, ...output }) =>
      group.type === "CMAF_GROUP" ? output : { outputFilePaths, ...output },
    ),
    ...(group.playlistFilePaths.length > 0 ? { playlistFilePaths: group.playlistFilePaths } : {}),
    type: group.type,
  }));
  const warned = (warnings ?? []).map((warning) => ({ code: warning.Code, count: warning.Count }));
  return {
    outputGroupDetails,
    paddingInserted: 0,
    blackVideoDetected: 0,
    ...(warned.length > 0 ? { warnings: warned } : {}),
  };
}
