import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ladderOf, postersOf, stillsIn, STORYBOARD_FRAMES_MAX, storyboardOf, variantsOf } from "./ladder.ts";

const source = (width: number, height: number, framesPerSecond = 30, durationMs: number | null = 60_000) => ({
  width,
  height,
  framesPerSecond,
  durationMs,
});
const sizes = (width: number, height: number) => ladderOf(source(width, height)).map((r) => `${r.width}x${r.height}`);

const anySource = fc.record({
  width: fc.integer({ min: 32, max: 7680 }),
  height: fc.integer({ min: 32, max: 7680 }),
  framesPerSecond: fc.double({ min: 0.1, max: 1000, noNaN: true }),
  durationMs: fc.option(fc.integer({ min: 1, max: 100 * 3_600_000 })),
});

describe("the ladder", () => {
  it("steps down from the source: 1080, 720, 480, 360", () => {
    expect(sizes(1920, 1080)).toEqual(["1920x1080", "1280x720", "854x480", "640x360"]);
    expect(sizes(3840, 2160)).toEqual(["1920x1080", "1280x720", "854x480", "640x360"]);
    expect(sizes(1280, 720)).toEqual(["1280x720", "854x480", "640x360"]);
    expect(sizes(640, 480)).toEqual(["640x480", "480x360"]);
  });

  it("keeps an upright film upright, named by its short side", () => {
    expect(sizes(1080, 1920)).toEqual(["1080x1920", "720x1280", "480x854", "360x640"]);
    expect(ladderOf(source(1080, 1920)).map((r) => r.shortSide)).toEqual([1080, 720, 480, 360]);
  });

  it("keeps a small or odd-sized source at its own even size", () => {
    expect(sizes(320, 240)).toEqual(["320x240"]);
    expect(sizes(321, 241)).toEqual(["320x240"]);
    expect(sizes(853, 480)).toEqual(["852x480", "640x360"]);
    expect(sizes(16, 16)).toEqual(["32x32"]);
  });

  it("is never empty, never larger than its source, even on both sides, of the source's shape, without two steps alike", () => {
    fc.assert(
      fc.property(anySource, (any) => {
        const ladder = ladderOf(any);
        expect(ladder.length).toBeGreaterThan(0);
        expect(new Set(ladder.map((r) => r.shortSide)).size).toBe(ladder.length);
        for (const { width, height, shortSide } of ladder) {
          expect([width % 2, height % 2]).toEqual([0, 0]);
          expect(width).toBeLessThanOrEqual(Math.max(32, any.width));
          expect(height).toBeLessThanOrEqual(Math.max(32, any.height));
          expect(shortSide).toBe(Math.min(width, height));
          expect(Math.max(width, height)).toBeLessThanOrEqual(4096);
          if (shortSide > 32) expect(width > height).toBe(width !== height && any.width > any.height);
        }
      }),
    );
  });

  it("has at most 30 pictures a second below 720p and 60 above, as a whole fraction of the source's", () => {
    fc.assert(
      fc.property(anySource, (any) => {
        for (const { shortSide, framesPerSecond } of ladderOf(any)) {
          const rate = framesPerSecond ?? any.framesPerSecond;
          expect(rate).toBeLessThanOrEqual((shortSide < 720 ? 30 : 60) * 1.001 + 1e-9);
          if (framesPerSecond !== null) {
            const divisor = any.framesPerSecond / framesPerSecond;
            expect(Math.abs(divisor - Math.round(divisor))).toBeLessThan(1e-6);
          }
        }
      }),
    );
    const rates = (fps: number) => ladderOf(source(1920, 1080, fps)).map((r) => r.framesPerSecond);
    expect(rates(30)).toEqual([null, null, null, null]);
    expect(rates(60)).toEqual([null, null, 30, 30]);
    expect(rates(50)).toEqual([null, null, 25, 25]);
    expect(rates(240)).toEqual([60, 60, 30, 30]);
    expect(rates(60_000 / 1001)).toEqual([null, null, 30_000 / 1001, 30_000 / 1001]);
  });
});

describe("stills", () => {
  it("come each five seconds, each ten in a long film, and never more than a thousand", () => {
    expect(storyboardOf(source(1920, 1080, 30, 60_000))).toEqual({ intervalS: 5, width: 160, height: 90, count: 12 });
    expect(storyboardOf(source(1080, 1920, 30, 600_000))).toMatchObject({ intervalS: 10, height: 284, count: 60 });
    expect(storyboardOf(source(1920, 1080, 30, 1))).toMatchObject({ count: 1 });
    fc.assert(
      fc.property(anySource, (any) => {
        const { intervalS, count, height } = storyboardOf(any);
        expect(count).toBeLessThanOrEqual(STORYBOARD_FRAMES_MAX);
        expect(height % 2).toBe(0);
        // The last frame lies within the film, and no frame is missing after it.
        if (any.durationMs !== null) {
          expect((count - 1) * intervalS * 1000).toBeLessThan(any.durationMs);
          expect(count * intervalS * 1000).toBeGreaterThanOrEqual(any.durationMs);
        }
      }),
    );
  });

  it("give three posters over the film's length, fewer only in a film of seconds", () => {
    expect(postersOf(source(1920, 1080, 30, 60_000))).toEqual({ intervalS: 20, width: 1280, height: 720, count: 3 });
    expect(postersOf(source(1080, 1920, 30, 60_000))).toMatchObject({ width: 1080, height: 1920 });
    expect(postersOf(source(640, 360, 30, 900))).toMatchObject({ intervalS: 1, count: 1, width: 640 });
    fc.assert(
      fc.property(anySource, (any) => {
        const { intervalS, count } = postersOf(any);
        if (any.durationMs !== null) expect((count - 1) * intervalS * 1000).toBeLessThan(any.durationMs);
        if ((any.durationMs ?? 0) > 2_000) expect(count).toBe(3);
      }),
    );
  });

  it("count the first frame and one after each whole interval", () => {
    expect([0.1, 5, 5.1, 10].map((durationS) => stillsIn(durationS, 5, 1000))).toEqual([1, 1, 2, 2]);
  });
});

it("reads the variants of a playlist", () => {
  const playlist = [
    "#EXTM3U",
    '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",URI="main_audio.m3u8"',
    '#EXT-X-STREAM-INF:BANDWIDTH=1,CODECS="avc1.4d401f,mp4a.40.2",RESOLUTION=854x480,AUDIO="a"',
    "main_480p.m3u8",
    "#EXT-X-STREAM-INF:RESOLUTION=720x1280,BANDWIDTH=2",
    "main_720p.m3u8",
    "#EXT-X-I-FRAME-STREAM-INF:RESOLUTION=1x1",
  ].join("\n");
  expect(variantsOf(playlist)).toEqual([
    { shortSide: 480, width: 854, height: 480 },
    { shortSide: 720, width: 720, height: 1280 },
  ]);
  expect(variantsOf("")).toEqual([]);
});
