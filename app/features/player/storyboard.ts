import type { PlaybackGrant } from "#worker/products/watch/views.ts";
import { clamp } from "./player-state.ts";

/** Grants as JSON carries them: instants are texts. */
export type Storyboard = NonNullable<PlaybackGrant["storyboard"]>;

/** The address of the picture for a position of the seek bar, and when it was taken; null without a storyboard. */
export function storyboardFrame(
  storyboard: Storyboard | null,
  positionS: number,
  cdnQuery: string,
): { url: string; width: number; height: number } | null {
  if (!storyboard || storyboard.count < 1 || storyboard.intervalS <= 0) return null;
  const n = clamp(Math.floor(positionS / storyboard.intervalS), 0, storyboard.count - 1);
  const address = storyboard.url.replace("{n}", String(n).padStart(7, "0"));
  return {
    url: cdnQuery ? `${address}?${cdnQuery}` : address,
    width: storyboard.width,
    height: storyboard.height,
  };
}
