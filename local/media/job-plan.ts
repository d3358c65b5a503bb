import {
  AudioCodec,
  CmafWriteHLSManifest,
  CmfcAudioTrackType,
  ContainerType,
  type CreateJobRequest,
  H264CodecProfile,
  H264FramerateControl,
  H264GopSizeUnits,
  H264RateControlMode,
  type Input,
  InputRotate,
  type Output,
  type OutputGroup,
  OutputGroupType,
  ScalingBehavior,
  StatusUpdateInterval,
  VideoCodec,
} from "@aws-sdk/client-mediaconvert";
import type { EnumTable } from "../aws/model-json.ts";
import { badRequest } from "../aws/rest-json.ts";
import { type PlannedAudio, planAudio } from "./audio-plan.ts";
import { type PlannedVideo, planVideo } from "./video-plan.ts";

/** Enum members whose values CreateJob checks here. */
export const JOB_ENUMS: EnumTable = {
  "CreateJobRequest.StatusUpdateInterval": StatusUpdateInterval,
  "OutputGroupSettings.Type": OutputGroupType,
  "CmafGroupSettings.WriteHlsManifest": CmafWriteHLSManifest,
  "CmafGroupSettings.WriteDashManifest": CmafWriteHLSManifest,
  "CmfcSettings.AudioTrackType": CmfcAudioTrackType,
  "ContainerSettings.Container": ContainerType,
  "VideoCodecSettings.Codec": VideoCodec,
  "AudioCodecSettings.Codec": AudioCodec,
  "VideoDescription.ScalingBehavior": ScalingBehavior,
  "VideoSelector.Rotate": InputRotate,
  "H264Settings.RateControlMode": H264RateControlMode,
  "H264Settings.CodecProfile": H264CodecProfile,
  "H264Settings.FramerateControl": H264FramerateControl,
  "H264Settings.GopSizeUnits": H264GopSizeUnits,
};

/** An object address `s3://bucket/key`. */
export interface S3Location {
  bucket: string;
  key: string;
}

/** One output of the job; `kind` decides container and naming. */
export interface PlannedOutput {
  kind: "cmaf-video" | "cmaf-audio" | "ts" | "mp4" | "frames";
  nameModifier: string;
  extension: string | undefined;
  video: PlannedVideo | undefined;
  audio: PlannedAudio | undefined;
  audioGroupId: string;
  audioTrackType: CmfcAudioTrackType;
}

/** One output group. `destination.key` is the name every file of the group begins with. */
export interface PlannedGroup {
  type: "CMAF_GROUP" | "HLS_GROUP" | "FILE_GROUP";
  destination: S3Location;
  segmentSeconds: number;
  writesHls: boolean;
  writesDash: boolean;
  outputs: PlannedOutput[];
}

/** A job as this stand-in will run it. `audioTracks` are the one-based tracks each audio selector takes (empty: the first). */
export interface JobPlan {
  input: S3Location;
  inputUrl: string;
  rotate: InputRotate;
  audioTracks: Record<string, number[]>;
  groups: PlannedGroup[];
}

/** Parses `s3://bucket/key`; undefined for anything else. */
export function parseS3Url(url: string): S3Location | undefined {
  const match = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/(.+)$/.exec(url);
  return match ? { bucket: match[1]!, key: match[2]! } : undefined;
}

function destinationOf(destination: string | undefined, input: S3Location, path: string): S3Location {
  const located =
    destination === undefined ? undefined : parseS3Url(destination.endsWith("/") ? `${destination}-` : destination);
  if (!located) throw badRequest(`${path}/destination: should be an address s3://bucket/prefix that you can write to`);
  if (!destination?.endsWith("/")) return located;
  const inputName = input.key
    .split("/")
    .at(-1)!
    .replace(/\.[^.]+$/, "");
  return { bucket: located.bucket, key: located.key.slice(0, -1) + inputName };
}

const CONTAINERS = { "cmaf-video": "CMFC", "cmaf-audio": "CMFC", ts: "M3U8", mp4: "MP4", frames: "RAW" } as const;

function wantedKind(group: PlannedGroup["type"], output: Output): PlannedOutput["kind"] {
  if (group === "HLS_GROUP") return "ts";
  if (group === "CMAF_GROUP") return output.VideoDescription ? "cmaf-video" : "cmaf-audio";
  return output.VideoDescription?.CodecSettings?.Codec === "FRAME_CAPTURE" ? "frames" : "mp4";
}

function kindOf(group: PlannedGroup["type"], output: Output, path: string): PlannedOutput["kind"] {
  const kind = wantedKind(group, output);
  if (output.ContainerSettings?.Container !== CONTAINERS[kind]) {
    throw badRequest(`${path}/containerSettings/container: should be ${CONTAINERS[kind]} in this output group`);
  }
  const hasVideo = output.VideoDescription !== undefined;
  const hasAudio = Boolean(output.AudioDescriptions?.length);
  const isCapture = output.VideoDescription?.CodecSettings?.Codec === "FRAME_CAPTURE";
  const problems: [boolean, string][] = [
    [!hasVideo && !hasAudio, "an output needs a video description or an audio description"],
    [kind === "cmaf-video" && hasAudio, "an output in a CMAF group contains video or audio, not both"],
    [kind === "frames" && hasAudio, "a frame capture output has no audio"],
    [isCapture && kind !== "frames", "frame captures belong in a file group"],
  ];
  const problem = problems.find(([applies]) => applies);
  if (problem) throw badRequest(`${path}: ${problem[1]}`);
  return kind;
}

function planOutput(group: PlannedGroup["type"], output: Output, path: string): PlannedOutput {
  const kind = kindOf(group, output, path);
  const cmfc = output.ContainerSettings?.CmfcSettings;
  return {
    kind,
    nameModifier: output.NameModifier ?? "",
    extension: output.Extension,
    video: output.VideoDescription ? planVideo(output.VideoDescription, `${path}/videoDescription`) : undefined,
    audio: planAudio(output, path),
    audioGroupId: cmfc?.AudioGroupId ?? "program_audio_0",
    audioTrackType: cmfc?.AudioTrackType ?? "ALTERNATE_AUDIO_AUTO_SELECT_DEFAULT",
  };
}

interface GroupShape {
  type: PlannedGroup["type"];
  destination: string | undefined;
  segmentSeconds: number | undefined;
  writesHls: boolean;
  writesDash: boolean;
}

function groupShape(group: OutputGroup, path: string): GroupShape {
  const settings = group.OutputGroupSettings;
  const missing = (name: string) => badRequest(`${path}/outputGroupSettings: ${name} is a required property`);
  switch (settings?.Type) {
    case "CMAF_GROUP_SETTINGS": {
      const cmaf = settings.CmafGroupSettings;
      if (!cmaf) throw missing("cmafGroupSettings");
      const writesHls = cmaf.WriteHlsManifest !== "DISABLED";
      const writesDash = cmaf.WriteDashManifest !== "DISABLED";
      return {
        type: "CMAF_GROUP",
        destination: cmaf.Destination,
        segmentSeconds: cmaf.SegmentLength,
        writesHls,
        writesDash,
      };
    }
    case "HLS_GROUP_SETTINGS": {
      const hls = settings.HlsGroupSettings;
      if (!hls) throw missing("hlsGroupSettings");
      return {
        type: "HLS_GROUP",
        destination: hls.Destination,
        segmentSeconds: hls.SegmentLength,
        writesHls: true,
        writesDash: false,
      };
    }
    case "FILE_GROUP_SETTINGS": {
      if (!settings.FileGroupSettings) throw missing("fileGroupSettings");
      return {
        type: "FILE_GROUP",
        destination: settings.FileGroupSettings.Destination,
        segmentSeconds: 1,
        writesHls: false,
        writesDash: false,
      };
    }
    case undefined:
      throw missing("type");
    default:
      throw badRequest(`${path}/outputGroupSettings/type: ${settings?.Type} is not implemented locally`);
  }
}

function planGroup(group: OutputGroup, input: S3Location, path: string): PlannedGroup {
  const shape = groupShape(group, path);
  const outputs = (group.Outputs ?? []).map((output, index) =>
    planOutput(shape.type, output, `${path}/outputs/${index}`),
  );
  if (outputs.length === 0) throw badRequest(`${path}/outputs: should have at least one output`);
  if (shape.segmentSeconds === undefined || !(shape.segmentSeconds >= 1)) {
    throw badRequest(`${path}/outputGroupSettings: segmentLength is a required property of at least 1 second`);
  }
  const names = outputs.map((output) => `${output.kind === "frames" ? "frames" : "media"}${output.nameModifier}`);
  const repeated = names.findIndex((name, index) => names.indexOf(name) !== index);
  if (repeated >= 0)
    throw badRequest(`${path}/outputs/${repeated}/nameModifier: should differ from the other outputs of the group`);
  if (shape.type !== "FILE_GROUP" && outputs.some((output) => output.nameModifier === "")) {
    throw badRequest(`${path}/outputs: nameModifier is a required property when the output group writes playlists`);
  }
  return {
    type: shape.type,
    destination: destinationOf(shape.destination, input, `${path}/outputGroupSettings`),
    segmentSeconds: shape.segmentSeconds,
    writesHls: shape.writesHls,
    writesDash: shape.writesDash,
    outputs,
  };
}

function planAudioTracks(input: Input): Record<string, number[]> {
  const selectors = Object.entries(input.AudioSelectors ?? {});
  return Object.fromEntries(selectors.map(([name, selector]) => [name, selector.Tracks ?? []]));
}

function planInput(inputs: readonly Input[]): Omit<JobPlan, "groups"> {
  const path = "/settings/inputs";
  const [input, second] = inputs;
  if (!input) throw badRequest(`${path}: should have at least one input`);
  if (second) throw badRequest(`${path}: one input per job is implemented locally`);
  const inputUrl = input.FileInput ?? "";
  const location = parseS3Url(inputUrl);
  if (!location) throw badRequest(`${path}/0/fileInput: should be an address s3://bucket/key`);
  if (input.InputClippings?.length) throw badRequest(`${path}/0/inputClippings: is not implemented locally`);
  return {
    input: location,
    inputUrl,
    rotate: input.VideoSelector?.Rotate ?? "DEGREE_0",
    audioTracks: planAudioTracks(input),
  };
}

function checkSelectors(plan: JobPlan): void {
  const selectors = plan.groups.flatMap((group) => group.outputs).flatMap((output) => output.audio?.selector ?? []);
  const unknown = selectors.find((selector) => !(selector in plan.audioTracks));
  if (unknown === undefined) return;
  throw badRequest(`/settings/inputs/0/audioSelectors: ${unknown} is used by an output but is not defined`);
}

/**
 * Turns a CreateJob request (already checked against the model) into what this stand-in runs, and refuses, as MediaConvert would at
 * submission, what is contradictory, absent, or not implemented locally. Throws `BadRequestException`.
 */
export function planJob(request: Pick<CreateJobRequest, "Role" | "Settings" | "ClientRequestToken">): JobPlan {
  if (!/^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/.test(request.Role ?? ""))
    throw badRequest("/role: should be the ARN of an IAM role");
  if ((request.ClientRequestToken ?? "").length > 64)
    throw badRequest("/clientRequestToken: should have at most 64 characters");
  const input = planInput(request.Settings?.Inputs ?? []);
  const groups = request.Settings?.OutputGroups ?? [];
  if (groups.length === 0) throw badRequest("/settings/outputGroups: should have at least one output group");
  const planned = groups.map((group, index) => planGroup(group, input.input, `/settings/outputGroups/${index}`));
  const plan: JobPlan = { ...input, groups: planned };
  checkSelectors(plan);
  return plan;
}
