import { type Dispatch, useEffect } from "react";
import type { PlayerParts } from "./player-parts.ts";
import type { PlayerEvent } from "./player-state.ts";

/** Tells the player what its `<video>` and the window around it do. */
export function useVideoEvents(parts: PlayerParts, dispatch: Dispatch<PlayerEvent>): void {
  useEffect(() => {
    const video = parts.video();
    if (!video) return;
    const listening = new AbortController();
    const on = (names: string, tell: () => PlayerEvent) => {
      for (const name of names.split(" "))
        video.addEventListener(name, () => dispatch(tell()), { signal: listening.signal });
    };
    on("play", () => ({ type: "play" }));
    on("pause", () => ({ type: "pause" }));
    on("ended", () => ({ type: "ended" }));
    on("waiting seeking", () => ({ type: "waiting" }));
    on("playing canplay seeked", () => ({ type: "moving" }));
    on("durationchange", () => ({ type: "duration", durationS: video.duration }));
    on("ratechange", () => ({ type: "rate", rate: video.playbackRate }));
    on("volumechange", () => ({ type: "volume", volume: video.volume, muted: video.muted }));
    on("enterpictureinpicture", () => ({ type: "pictureInPicture", on: true }));
    on("leavepictureinpicture", () => ({ type: "pictureInPicture", on: false }));
    on("timeupdate progress seeking", () => ({
      type: "time",
      positionS: video.currentTime,
      bufferedS: bufferedUntil(video.buffered, video.currentTime),
    }));
    document.addEventListener(
      "fullscreenchange",
      () => dispatch({ type: "fullScreen", on: document.fullscreenElement?.contains(video) ?? false }),
      { signal: listening.signal },
    );
    return () => listening.abort();
  }, [parts, dispatch]);
}

/** The end of the loaded stretch that holds the position; the position itself when nothing is loaded there. */
function bufferedUntil(ranges: TimeRanges, positionS: number): number {
  for (let i = 0; i < ranges.length; i++)
    if (ranges.start(i) <= positionS + 0.5 && positionS <= ranges.end(i)) return ranges.end(i);
  return positionS;
}
