import type { Track, VideoProperties } from "@aws-sdk/client-mediaconvert";
import { expect, it } from "vitest";
import { mediaProbeOf } from "./probe-answer.ts";

const video = (properties: VideoProperties, codec: Track["Codec"] = "AVC"): Track => ({
  TrackType: "video",
  Codec: codec,
  VideoProperties: { FrameRate: { Numerator: 30, Denominator: 1 }, ...properties },
});
const audio: Track = { TrackType: "audio", Codec: "AAC" };
const sizeOf = (properties: VideoProperties) => {
  const probe = mediaProbeOf({ Container: { Format: "mp4", Duration: 1, Tracks: [video(properties)] } });
  return [probe?.video?.width, probe?.video?.height];
};

it("tells the size as shown: turned by the container's rotation, with square pixels", () => {
  expect(sizeOf({ Width: 1920, Height: 1080 })).toEqual([1920, 1080]);
  expect(sizeOf({ Width: 1920, Height: 1080, Rotation: 90 })).toEqual([1080, 1920]);
  expect(sizeOf({ Width: 1920, Height: 1080, Rotation: 180 })).toEqual([1920, 1080]);
  expect(sizeOf({ Width: 1920, Height: 1080, Rotation: 270 })).toEqual([1080, 1920]);
  const anamorphic = { Width: 1440, Height: 1080, SampleAspectRatio: { Numerator: 4, Denominator: 3 } };
  expect(sizeOf(anamorphic)).toEqual([1920, 1080]);
  expect(sizeOf({ ...anamorphic, Rotation: 90 })).toEqual([1080, 1920]);
});

it("sees a song with a cover as sound only, and an old camera's film of JPEG pictures as a film", () => {
  const tracks = [audio, video({ Width: 640, Height: 640 }, "MJPEG")];
  expect(mediaProbeOf({ Container: { Format: "mp4", Duration: 200, Tracks: tracks } })?.video).toBeNull();
  expect(mediaProbeOf({ Container: { Format: "avi", Duration: 200, Tracks: tracks } })?.video).not.toBeNull();
});

it("is null where there is no media", () => {
  expect(mediaProbeOf(undefined)).toBeNull();
  expect(mediaProbeOf({})).toBeNull();
  expect(mediaProbeOf({ Container: { Tracks: [{ TrackType: "data" }] } })).toBeNull();
});

it("gives the duration in milliseconds, from a track when the container has none", () => {
  expect(mediaProbeOf({ Container: { Duration: 12.3456, Tracks: [audio] } })?.durationMs).toBe(12_346);
  expect(mediaProbeOf({ Container: { Tracks: [{ ...audio, Duration: 2 }] } })?.durationMs).toBe(2_000);
  expect(mediaProbeOf({ Container: { Tracks: [audio] } })?.durationMs).toBeNull();
});
