import { expect, it } from "vitest";
import {
  avcCodecFromInit,
  avcCodecFromProfile,
  measureBandwidth,
  readSegments,
  writeMediaPlaylist,
  writeMultivariantPlaylist,
} from "./hls-playlists.ts";

it("measures the peak over full segments and the average over all bytes", () => {
  const segments = [
    { file: "1", durationSeconds: 4, bytes: 500_000 },
    { file: "2", durationSeconds: 4, bytes: 1_000_000 },
    { file: "3", durationSeconds: 0.1, bytes: 100_000 },
  ];
  expect(measureBandwidth(segments)).toEqual({ peak: 2_000_000, average: Math.ceil((1_600_000 * 8) / 8.1) });
  expect(measureBandwidth([])).toEqual({ peak: 0, average: 0 });
});

it("rounds the target duration up to what the longest segment needs", () => {
  const playlist = writeMediaPlaylist([{ uri: "a.ts", durationSeconds: 4.6 }], undefined);
  expect(playlist).toContain("#EXT-X-TARGETDURATION:5\n");
  expect(readSegments(playlist)).toEqual([{ file: "a.ts", durationSeconds: 4.6 }]);
});

it("keeps quotes and line ends out of attributes and gives every video variant its audio group", () => {
  const rates = { peakBandwidth: 1_000, averageBandwidth: 900 };
  const video = {
    ...rates,
    playlist: "v.m3u8",
    codec: "avc1.4d401e",
    width: 640,
    height: 360,
    frameRate: { numerator: 30_000, denominator: 1_001 },
  };
  const audio = {
    ...rates,
    playlist: "a.m3u8",
    codec: "mp4a.40.2",
    groupId: "g",
    name: 'a"b\nc',
    language: "JPN",
    channels: 2,
    isDefault: true,
    autoSelect: true,
    isVariant: false,
  };
  expect(writeMultivariantPlaylist([video], [audio]).split("\n").slice(3)).toEqual([
    '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="g",LANGUAGE="jpn",NAME="abc",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="a.m3u8"',
    '#EXT-X-STREAM-INF:BANDWIDTH=2000,AVERAGE-BANDWIDTH=1800,CODECS="avc1.4d401e,mp4a.40.2",RESOLUTION=640x360,FRAME-RATE=29.970,AUDIO="g"',
    "v.m3u8",
    "",
  ]);
  expect(writeMultivariantPlaylist([], [audio])).toContain(
    '#EXT-X-STREAM-INF:BANDWIDTH=1000,AVERAGE-BANDWIDTH=900,CODECS="mp4a.40.2"\na.m3u8',
  );
});

it("names the AVC profile and level", () => {
  expect(avcCodecFromInit(new TextEncoder().encode("....avcC\u0001\u004d\u0040\u001f"))).toBe("avc1.4d401f");
  expect(avcCodecFromInit(new Uint8Array([1, 2, 3]))).toBeUndefined();
  expect(avcCodecFromProfile("High", 40)).toBe("avc1.640028");
});
