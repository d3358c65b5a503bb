import type { InputRotate } from "@aws-sdk/client-mediaconvert";
import type { AudioTrack, MediaInfo, Ratio, VideoTrack } from "./inspect-media.ts";
import { JobFailure } from "./job-failure.ts";
import type { PlannedAudio } from "./audio-plan.ts";
import type { JobPlan, PlannedGroup, PlannedOutput } from "./job-plan.ts";
import type { PlannedVideo } from "./video-plan.ts";

const DEGREES: Record<InputRotate, number> = {
  AUTO: 0,
  DEGREE_0: 0,
  DEGREES_90: 90,
  DEGREES_180: 180,
  DEGREES_270: 270,
};

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

/** The nearest even number of pixels. */
export const even = (value: number): number => Math.max(2, Math.round(value / 2) * 2);
/** A ratio as a plain number. */
export const ratioValue = (ratio: Ratio): number => ratio.numerator / ratio.denominator;

/**
 * The clockwise turn still missing after decoding: ffmpeg itself turns the picture by the container's matrix while decoding, which also keeps
 * the matrix out of the outputs.
 */
export function extraTurn(track: VideoTrack, rotate: InputRotate): number {
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
