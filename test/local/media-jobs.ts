import type { CreateJobCommandInput, Output, OutputGroup } from "@aws-sdk/client-mediaconvert";

/** One H.264 rendition of a CMAF group. */
export function videoOutput(name: string, width: number, height: number, maxBitrate: number): Output {
  return {
    NameModifier: name,
    ContainerSettings: { Container: "CMFC" },
    VideoDescription: {
      Width: width,
      Height: height,
      CodecSettings: {
        Codec: "H_264",
        H264Settings: {
          RateControlMode: "QVBR",
          MaxBitrate: maxBitrate,
          QvbrSettings: { QvbrQualityLevel: 7 },
          GopSize: 2,
          GopSizeUnits: "SECONDS",
          GopClosedCadence: 1,
          FramerateControl: "INITIALIZE_FROM_SOURCE",
        },
      },
    },
  };
}

const aac = {
  AudioSourceName: "Audio Selector 1",
  CodecSettings: { Codec: "AAC", AacSettings: { Bitrate: 128_000, CodingMode: "CODING_MODE_2_0", SampleRate: 48_000 } },
} satisfies NonNullable<Output["AudioDescriptions"]>[number];

/** The audio rendition of a CMAF group. */
export function audioOutput(): Output {
  return { NameModifier: "_audio", ContainerSettings: { Container: "CMFC" }, AudioDescriptions: [aac] };
}

/** A CMAF group below `destination`. */
export function cmafGroup(
  destination: string,
  outputs: Output[],
  dash: "ENABLED" | "DISABLED" = "DISABLED",
): OutputGroup {
  const CmafGroupSettings = {
    Destination: destination,
    SegmentLength: 2,
    FragmentLength: 2,
    WriteHlsManifest: "ENABLED",
    WriteDashManifest: dash,
  } as const;
  return { OutputGroupSettings: { Type: "CMAF_GROUP_SETTINGS", CmafGroupSettings }, Outputs: outputs };
}

/** A muxed transport stream group. */
export function hlsGroup(destination: string): OutputGroup {
  const { VideoDescription } = videoOutput("_180p", 320, 180, 500_000);
  return {
    OutputGroupSettings: {
      Type: "HLS_GROUP_SETTINGS",
      HlsGroupSettings: { Destination: destination, SegmentLength: 2, MinSegmentLength: 0 },
    },
    Outputs: [
      {
        NameModifier: "_180p",
        ContainerSettings: { Container: "M3U8" },
        VideoDescription: VideoDescription!,
        AudioDescriptions: [aac],
      },
    ],
  };
}

/** Numbered pictures, one every second. */
export function captureGroup(destination: string, maxCaptures: number): OutputGroup {
  const FrameCaptureSettings = {
    FramerateNumerator: 1,
    FramerateDenominator: 1,
    MaxCaptures: maxCaptures,
    Quality: 80,
  };
  const VideoDescription = {
    Width: 160,
    Height: 90,
    CodecSettings: { Codec: "FRAME_CAPTURE", FrameCaptureSettings },
  } as const;
  return {
    OutputGroupSettings: { Type: "FILE_GROUP_SETTINGS", FileGroupSettings: { Destination: destination } },
    Outputs: [{ ContainerSettings: { Container: "RAW" }, VideoDescription }],
  };
}

/** A plain MP4 that follows the source's size. */
export function mp4Group(destination: string): OutputGroup {
  const { CodecSettings } = videoOutput("", 2, 2, 500_000).VideoDescription!;
  return {
    OutputGroupSettings: { Type: "FILE_GROUP_SETTINGS", FileGroupSettings: { Destination: destination } },
    Outputs: [
      {
        ContainerSettings: { Container: "MP4" },
        VideoDescription: { CodecSettings: CodecSettings! },
        AudioDescriptions: [aac],
      },
    ],
  };
}

/** A whole CreateJob request. */
export function aJob(
  input: string,
  groups: OutputGroup[],
  more: Partial<CreateJobCommandInput> = {},
): CreateJobCommandInput {
  return {
    Role: "arn:aws:iam::000000000000:role/MediaConvert",
    UserMetadata: { videoId: "vid_1", attempt: "1" },
    Settings: {
      TimecodeConfig: { Source: "ZEROBASED" },
      Inputs: [
        {
          FileInput: input,
          TimecodeSource: "ZEROBASED",
          AudioSelectors: { "Audio Selector 1": { DefaultSelection: "DEFAULT" } },
          VideoSelector: { Rotate: "AUTO" },
        },
      ],
      OutputGroups: groups,
    },
    ...more,
  };
}
