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

/** AAC stereo (or mono) sound of one output. */
export interface PlannedAudio {
  selector: string;
  bitrate: number;
  sampleRate: number;
  channels: 1 | 2;
  language: string | undefined;
  name: string | undefined;
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

function planAudio(output: Output, path: string): PlannedAudio | undefined {
  const descriptions = output.AudioDescriptions ?? [];
  if (descriptions.length === 0) return undefined;
  if (descriptions.length > 1)
    throw badRequest(`${path}/audioDescriptions: one audio description per output is implemented locally`);
  const [description] = descriptions;
  const codec = description?.CodecSettings;
  if (codec?.Codec !== "AAC" || !codec.AacSettings) {
    throw badRequest(`${path}/audioDescriptions/0/codecSettings: AAC with aacSettings is implemented locally`);
  }
  const { SampleRate: sampleRate, CodingMode: codingMode, Bitrate: bitrate } = codec.AacSettings;
  if (sampleRate === undefined)
    throw badRequest(`${path}/audioDescriptions/0/codecSettings/aacSettings: sampleRate is a required property`);
  if (codingMode === undefined)
    throw badRequest(`${path}/audioDescriptions/0/codecSettings/aacSettings: codingMode is a required property`);
  return {
    selector: description?.AudioSourceName ?? "Audio Selector 1",
    bitrate: bitrate ?? 96_000,
    sampleRate,
    channels: codingMode === "CODING_MODE_1_0" ? 1 : 2,
    language: description?.LanguageCode ?? description?.CustomLanguageCode,
    name: description?.StreamName,
  };
}

function kindOf(group: PlannedGroup["type"], output: Output, path: string): PlannedOutput["kind"] {
  const container = output.ContainerSettings?.Container;
  const hasVideo = output.VideoDescription !== undefined;
  const hasAudio = (output.AudioDescriptions ?? []).length > 0;
  const isCapture = output.VideoDescription?.CodecSettings?.Codec === "FRAME_CAPTURE";
  const expect = (wanted: ContainerType): void => {
    if (container !== wanted)
      throw badRequest(`${path}/containerSettings/container: should be ${wanted} in this output group`);
  };
  if (!hasVideo && !hasAudio) throw badRequest(`${path}: an output needs a video description or an audio description`);
  if (group === "CMAF_GROUP") {
    expect("CMFC");
    if (hasVideo && hasAudio) throw badRequest(`${path}: an output in a CMAF group contains video or audio, not both`);
    if (isCapture) throw badRequest(`${path}: frame captures belong in a file group`);
    return hasVideo ? "cmaf-video" : "cmaf-audio";
  }
  if (group === "HLS_GROUP") {
    expect("M3U8");
    return "ts";
  }
  if (isCapture) {
    expect("RAW");
    if (hasAudio) throw badRequest(`${path}: a frame capture output has no audio`);
    return "frames";
  }
  expect("MP4");
  return "mp4";
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

/**
 * Turns a CreateJob request (already checked against the model) into what this stand-in runs, and refuses, as MediaConvert would at
 * submission, what is contradictory, absent, or not implemented locally. Throws `BadRequestException`.
 */
export function planJob(request: CreateJobRequest): JobPlan {
  if (!/^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/.test(request.Role ?? ""))
    throw badRequest("/role: should be the ARN of an IAM role");
  if ((request.ClientRequestToken ?? "").length > 64)
    throw badRequest("/clientRequestToken: should have at most 64 characters");
  const inputs = request.Settings?.Inputs ?? [];
  if (inputs.length === 0) throw badRequest("/settings/inputs: should have at least one input");
  if (inputs.length > 1) throw badRequest("/settings/inputs: one input per job is implemented locally");
  const [input] = inputs as [Input];
  const location = parseS3Url(input.FileInput ?? "");
  if (!location) throw badRequest("/settings/inputs/0/fileInput: should be an address s3://bucket/key");
  if ((input.InputClippings ?? []).length > 0)
    throw badRequest("/settings/inputs/0/inputClippings: is not implemented locally");
  const groups = request.Settings?.OutputGroups ?? [];
  if (groups.length === 0) throw badRequest("/settings/outputGroups: should have at least one output group");
  const plan: JobPlan = {
    input: location,
    inputUrl: input.FileInput!,
    rotate: input.VideoSelector?.Rotate ?? "DEGREE_0",
    audioTracks: planAudioTracks(input),
    groups: groups.map((group, index) => planGroup(group, location, `/settings/outputGroups/${index}`)),
  };
  const selectors = Object.keys(plan.audioTracks);
  for (const output of plan.groups.flatMap((group) => group.outputs)) {
    if (output.audio && !selectors.includes(output.audio.selector)) {
      throw badRequest(
        `/settings/inputs/0/audioSelectors: ${output.audio.selector} is used by an output but is not defined`,
      );
    }
  }
  return plan;
}
