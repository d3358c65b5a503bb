import type { CreateJobRequest, Output, OutputGroup, VideoDescription } from "@aws-sdk/client-mediaconvert";
import type { Rendition, TranscodeOrder } from "../../ports/transcoder.ts";

const GOP_S = 2;
const AUDIO_BITS_PER_SECOND = 128_000;
const AUDIO_SELECTOR = "Audio Selector 1";

/**
 * The CreateJob request of an order (MediaConvert API reference, "Jobs"). One CMAF group holds each rendition without sound and the sound
 * once; all renditions have closed groups of pictures of two seconds, so that a player may change between them at any segment.
 * Files: `<destination>main.m3u8`, `<destination>storyboard.0000000.jpg`, `<destination>poster.0000000.jpg` and what those refer to.
 */
export function jobRequest(order: TranscodeOrder, as: { roleArn: string; queueArn: string }): CreateJobRequest {
  return {
    Role: as.roleArn,
    Queue: as.queueArn,
    ClientRequestToken: order.reference,
    UserMetadata: { reference: order.reference },
    StatusUpdateInterval: "SECONDS_10",
    Settings: {
      TimecodeConfig: { Source: "ZEROBASED" },
      Inputs: [
        {
          FileInput: order.source,
          TimecodeSource: "ZEROBASED",
          // Phones store an upright film lying on its side and note the turn in the container.
          VideoSelector: { Rotate: "AUTO" },
          ...(order.audio ? { AudioSelectors: { [AUDIO_SELECTOR]: { DefaultSelection: "DEFAULT" } } } : {}),
        },
      ],
      OutputGroups: [
        streams(order),
        captures(`${order.destination}storyboard`, order.storyboard, 70),
        captures(`${order.destination}poster`, order.posters, 85),
      ],
    },
  };
}

function streams(order: TranscodeOrder): OutputGroup {
  return {
    Name: "CMAF",
    OutputGroupSettings: {
      Type: "CMAF_GROUP_SETTINGS",
      CmafGroupSettings: {
        Destination: `${order.destination}main`,
        SegmentLength: order.segmentS,
        FragmentLength: GOP_S,
        SegmentControl: "SEGMENTED_FILES",
        SegmentLengthControl: "GOP_MULTIPLE",
        ManifestDurationFormat: "FLOATING_POINT",
        StreamInfResolution: "INCLUDE",
        CodecSpecification: "RFC_4281",
        WriteHlsManifest: "ENABLED",
        WriteDashManifest: "DISABLED",
      },
    },
    Outputs: [...order.renditions.map(picture), ...(order.audio ? [sound()] : [])],
  };
}

function picture(rendition: Rendition): Output {
  return {
    NameModifier: `_${rendition.shortSide}p`,
    ContainerSettings: { Container: "CMFC" },
    VideoDescription: {
      Width: rendition.width,
      Height: rendition.height,
      ScalingBehavior: "DEFAULT",
      AntiAlias: "ENABLED",
      CodecSettings: { Codec: "H_264", H264Settings: h264(rendition) },
    },
  };
}

type H264 = NonNullable<NonNullable<VideoDescription["CodecSettings"]>["H264Settings"]>;

function h264({ shortSide, maxBitsPerSecond, framesPerSecond }: Rendition): H264 {
  return {
    RateControlMode: "QVBR",
    QvbrSettings: { QvbrQualityLevel: shortSide >= 720 ? 8 : 7 },
    MaxBitrate: maxBitsPerSecond,
    QualityTuningLevel: "SINGLE_PASS_HQ",
    SceneChangeDetect: "TRANSITION_DETECTION",
    CodecProfile: shortSide >= 720 ? "HIGH" : "MAIN",
    InterlaceMode: "PROGRESSIVE",
    GopSize: GOP_S,
    GopSizeUnits: "SECONDS",
    GopClosedCadence: 1,
    ParControl: "SPECIFIED",
    ParNumerator: 1,
    ParDenominator: 1,
    ...(framesPerSecond === null
      ? { FramerateControl: "INITIALIZE_FROM_SOURCE" }
      : {
          FramerateControl: "SPECIFIED",
          FramerateConversionAlgorithm: "DUPLICATE_DROP",
          ...fraction(framesPerSecond),
        }),
  };
}

/** A frame rate as the fraction that film and television mean by it: 29.97 is 30000/1001 (SMPTE ST 12-1), the rest in thousandths. */
function fraction(framesPerSecond: number): { FramerateNumerator: number; FramerateDenominator: number } {
  const nominal = Math.round(framesPerSecond);
  if (Math.abs(framesPerSecond - nominal) < 0.001) return { FramerateNumerator: nominal, FramerateDenominator: 1 };
  if (Math.abs(framesPerSecond - (nominal * 1000) / 1001) < 0.005)
    return { FramerateNumerator: nominal * 1000, FramerateDenominator: 1001 };
  return { FramerateNumerator: Math.round(framesPerSecond * 1000), FramerateDenominator: 1000 };
}

function sound(): Output {
  return {
    NameModifier: "_audio",
    ContainerSettings: {
      Container: "CMFC",
      CmfcSettings: { AudioTrackType: "ALTERNATE_AUDIO_AUTO_SELECT_DEFAULT" },
    },
    AudioDescriptions: [
      {
        AudioSourceName: AUDIO_SELECTOR,
        CodecSettings: {
          Codec: "AAC",
          AacSettings: { Bitrate: AUDIO_BITS_PER_SECOND, CodingMode: "CODING_MODE_2_0", SampleRate: 48_000 },
        },
      },
    ],
  };
}

/** Numbered stills: the first frame, then one each interval. Every group of captures is one of its own, because the destination names the files. */
function captures(
  destination: string,
  stills: { intervalS: number; width: number; height: number; count: number },
  quality: number,
): OutputGroup {
  return {
    Name: destination.slice(destination.lastIndexOf("/") + 1),
    OutputGroupSettings: { Type: "FILE_GROUP_SETTINGS", FileGroupSettings: { Destination: destination } },
    Outputs: [
      {
        ContainerSettings: { Container: "RAW" },
        VideoDescription: {
          Width: stills.width,
          Height: stills.height,
          ScalingBehavior: "DEFAULT",
          CodecSettings: {
            Codec: "FRAME_CAPTURE",
            FrameCaptureSettings: {
              FramerateNumerator: 1,
              FramerateDenominator: stills.intervalS,
              MaxCaptures: stills.count,
              Quality: quality,
            },
          },
        },
      },
    ],
  };
}
