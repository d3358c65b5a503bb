import { describe, expect, it } from "vitest";
import type { Rendition, TranscodeOrder } from "../../ports/transcoder.ts";
import { jobRequest } from "./media-convert-settings.ts";

const as = { roleArn: "arn:aws:iam::000000000000:role/media", queueArn: "arn:aws:mediaconvert:x:0:queues/Default" };
const rendition = (shortSide: number, framesPerSecond: number | null = null): Rendition => ({
  shortSide,
  width: (shortSide * 16) / 9,
  height: shortSide,
  maxBitsPerSecond: 1_600_000,
  framesPerSecond,
});
const order = (change: Partial<TranscodeOrder> = {}): TranscodeOrder => ({
  reference: "job_x.1",
  source: "s3://uploads/u/upl_x/source",
  destination: "s3://media/v/vid_x/1/",
  renditions: [rendition(720), rendition(360)],
  audio: true,
  segmentS: 4,
  storyboard: { intervalS: 5, width: 160, height: 90, count: 12 },
  posters: { intervalS: 20, width: 1280, height: 720, count: 3 },
  ...change,
});
const groups = (change?: Partial<TranscodeOrder>) => jobRequest(order(change), as).Settings!.OutputGroups!;
const streams = (change?: Partial<TranscodeOrder>) => groups(change)[0]!;

describe("a conversion job", () => {
  it("carries its reference both as the token that makes asking twice asking once and in what events bring back", () => {
    expect(jobRequest(order(), as)).toMatchObject({
      Role: as.roleArn,
      Queue: as.queueArn,
      ClientRequestToken: "job_x.1",
      UserMetadata: { reference: "job_x.1" },
      StatusUpdateInterval: "SECONDS_10",
    });
  });

  it("has one output per rendition without sound, and the sound once", () => {
    const outputs = streams().Outputs!;
    expect(outputs.map((output) => output.NameModifier)).toEqual(["_720p", "_360p", "_audio"]);
    for (const output of outputs) {
      expect(output.ContainerSettings?.Container).toBe("CMFC");
      expect(Boolean(output.VideoDescription) !== Boolean(output.AudioDescriptions)).toBe(true);
    }
  });

  it("asks for no sound when the source has none", () => {
    expect(streams({ audio: false }).Outputs!.map((output) => output.NameModifier)).toEqual(["_720p", "_360p"]);
    expect(jobRequest(order({ audio: false }), as).Settings!.Inputs![0]).not.toHaveProperty("AudioSelectors");
  });

  it("names its files main.m3u8, storyboard.*.jpg and poster.*.jpg under the destination", () => {
    const [cmaf, storyboard, posters] = groups();
    expect(cmaf!.OutputGroupSettings?.CmafGroupSettings?.Destination).toBe("s3://media/v/vid_x/1/main");
    expect(cmaf!.OutputGroupSettings?.CmafGroupSettings?.WriteHlsManifest).toBe("ENABLED");
    expect(storyboard!.OutputGroupSettings?.FileGroupSettings?.Destination).toBe("s3://media/v/vid_x/1/storyboard");
    expect(posters!.OutputGroupSettings?.FileGroupSettings?.Destination).toBe("s3://media/v/vid_x/1/poster");
    expect(posters!.Outputs![0]!.VideoDescription?.CodecSettings?.FrameCaptureSettings).toMatchObject({
      FramerateNumerator: 1,
      FramerateDenominator: 20,
      MaxCaptures: 3,
    });
  });

  it("cuts segments where every rendition has a closed group of pictures", () => {
    const { SegmentLength } = streams({ segmentS: 4 }).OutputGroupSettings!.CmafGroupSettings!;
    for (const output of streams().Outputs!) {
      const settings = output.VideoDescription?.CodecSettings?.H264Settings;
      if (!settings) continue;
      expect(settings).toMatchObject({ GopSizeUnits: "SECONDS", GopClosedCadence: 1, RateControlMode: "QVBR" });
      expect(SegmentLength! % settings.GopSize!).toBe(0);
    }
  });

  it("keeps the source's frame rate unless told, and writes television's rates as the fractions they are", () => {
    const rate = (framesPerSecond: number | null) =>
      streams({ renditions: [rendition(360, framesPerSecond)] }).Outputs![0]!.VideoDescription!.CodecSettings!
        .H264Settings;
    expect(rate(null)).toMatchObject({ FramerateControl: "INITIALIZE_FROM_SOURCE" });
    expect(rate(30)).toMatchObject({ FramerateNumerator: 30, FramerateDenominator: 1 });
    expect(rate(59.94005994 / 2)).toMatchObject({ FramerateNumerator: 30_000, FramerateDenominator: 1001 });
    expect(rate(12.5)).toMatchObject({ FramerateNumerator: 12_500, FramerateDenominator: 1000 });
  });

  it("turns the picture as its container says", () => {
    expect(jobRequest(order(), as).Settings!.Inputs![0]!.VideoSelector).toEqual({ Rotate: "AUTO" });
  });
});
