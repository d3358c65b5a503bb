import type { Storyboard, StoredRendition } from "#db/schema/watch.ts";
import type { Rendition, TranscodeOrder } from "../../ports/transcoder.ts";

/** What is known of a source: its size as shown, its rate, and its length when the container says. */
export type Source = { width: number; height: number; framesPerSecond: number; durationMs: number | null };

/** Steps of the ladder, by the short side of the picture, with the most bits that each may take. */
const STEPS = [
  { shortSide: 1080, maxBitsPerSecond: 6_000_000 },
  { shortSide: 720, maxBitsPerSecond: 3_200_000 },
  { shortSide: 480, maxBitsPerSecond: 1_600_000 },
  { shortSide: 360, maxBitsPerSecond: 900_000 },
] as const;
const SMALLEST_STEP = STEPS[3];

/** Sides that the encoder takes (MediaConvert API reference, VideoDescription: 32 to 8192), less what H.264 players can show. */
const SIDE_MIN = 32;
const SIDE_MAX = 4096;

/** Of moving pictures: 30 a second below 720p, 60 from there on. */
const framesMax = (shortSide: number): number => (shortSide < 720 ? 30 : 60);

export const SEGMENT_S = 4;
export const STORYBOARD_FRAMES_MAX = 1_000;
export const POSTER_COUNT = 3;
const STORYBOARD_WIDTH = 160;
const POSTER_WIDTH_MAX = 1280;
const LONG_FILM_S = 10 * 60;

/**
 * The renditions of a source, largest first: never larger than the source, its shape kept whichever way it stands. A source smaller than the
 * smallest step is kept at its own size.
 */
export function ladderOf(source: Source): Rendition[] {
  const short = Math.min(source.width, source.height);
  const long = Math.max(source.width, source.height);
  const steps = STEPS.filter(({ shortSide }) => shortSide <= short && (long * shortSide) / short <= SIDE_MAX);
  if (steps.length === 0) {
    const factor = Math.min(1, SIDE_MAX / long, SMALLEST_STEP.shortSide / short);
    const size = { width: floorEven(source.width * factor), height: floorEven(source.height * factor) };
    const shortSide = Math.min(size.width, size.height);
    return [rendition(source, size, { ...SMALLEST_STEP, shortSide })];
  }
  return steps.map((step) => {
    const longSide = Math.min(roundEven((long * step.shortSide) / short), floorEven(long));
    const size =
      source.width >= source.height
        ? { width: longSide, height: step.shortSide }
        : { width: step.shortSide, height: longSide };
    return rendition(source, size, step);
  });
}

function rendition(
  source: Source,
  size: { width: number; height: number },
  step: { shortSide: number; maxBitsPerSecond: number },
): Rendition {
  return { ...step, ...size, framesPerSecond: slowedRate(source.framesPerSecond, framesMax(step.shortSide)) };
}

/** A whole fraction of the source's rate that is not above `max`, so that pictures are dropped evenly; null when the source's own will do. */
function slowedRate(framesPerSecond: number, max: number): number | null {
  const divisor = Math.ceil(framesPerSecond / (max * 1.001));
  return divisor <= 1 ? null : framesPerSecond / divisor;
}

/** Frames for the seek bar: one each five seconds, each ten in a long film, further apart where that would be more than a thousand. */
export function storyboardOf({ width, height, durationMs }: Source): Storyboard {
  const durationS = (durationMs ?? STORYBOARD_FRAMES_MAX * 10_000) / 1000;
  const wanted = durationS < LONG_FILM_S ? 5 : 10;
  const intervalS = Math.max(wanted, Math.ceil(durationS / STORYBOARD_FRAMES_MAX));
  const size = { width: STORYBOARD_WIDTH, height: sideOf((STORYBOARD_WIDTH * height) / width) };
  return { intervalS, ...size, count: stillsIn(durationS, intervalS, STORYBOARD_FRAMES_MAX) };
}

/** Pictures to choose the video's face from, spread over its length. */
export function postersOf({ width, height, durationMs }: Source): TranscodeOrder["posters"] {
  const durationS = (durationMs ?? POSTER_COUNT * 1000) / 1000;
  const intervalS = Math.max(1, Math.floor(durationS / POSTER_COUNT));
  const posterWidth = Math.min(POSTER_WIDTH_MAX, sideOf(width));
  return {
    intervalS,
    width: posterWidth,
    height: sideOf((posterWidth * height) / width),
    count: stillsIn(durationS, intervalS, POSTER_COUNT),
  };
}

/** How many stills a film of this length gives: the first frame, then one after each whole interval. */
export function stillsIn(durationS: number, intervalS: number, max: number): number {
  return Math.max(1, Math.min(max, Math.ceil(durationS / intervalS)));
}

/** The variants that a multivariant playlist names (RFC 8216 §4.3.4.2), in its order. */
export function variantsOf(playlist: string): StoredRendition[] {
  const variants: StoredRendition[] = [];
  for (const [, attributes = ""] of playlist.matchAll(/^#EXT-X-STREAM-INF:(.*)$/gm)) {
    const [, width, height] = /(?:^|,)RESOLUTION=(\d+)x(\d+)/.exec(attributes) ?? [];
    if (width === undefined || height === undefined) continue;
    const size = { width: Number(width), height: Number(height) };
    variants.push({ shortSide: Math.min(size.width, size.height), ...size });
  }
  return variants;
}

const floorEven = (length: number): number => Math.max(SIDE_MIN, 2 * Math.floor(length / 2));
const roundEven = (length: number): number => Math.max(SIDE_MIN, 2 * Math.round(length / 2));
const sideOf = (length: number): number => Math.min(SIDE_MAX, roundEven(length));
