import { useEffect } from "react";
import { callApi } from "../house-api/call-api.ts";
import type { WireGrant } from "./grant.ts";
import type { PlayerParts } from "./player-parts.ts";
import { positionReporter, type ReportCause } from "./position-reporter.ts";

/** Remembers where a signed-in viewer is, so that any device can go on from there. */
export function usePositionReports(parts: PlayerParts, grant: WireGrant | null, csrf: string): void {
  const playbackId = grant?.playbackId;
  const videoId = grant?.videoId;
  useEffect(() => {
    const video = parts.video();
    if (!video || !playbackId || !videoId || !csrf) return;
    const reporter = positionReporter((positionMs) => {
      const body = { videoId, playbackId, positionMs };
      // The next report says it again
      callApi({ method: "PUT", path: "/api/v1/playback/position", body, csrf, keepalive: true }).catch(() => undefined);
    });
    const listening = new AbortController();
    const { signal } = listening;
    let played = false;
    const tell = (cause: ReportCause) => () => {
      played ||= !video.paused;
      if (played && !video.seeking) reporter.tell(video.currentTime * 1_000, performance.now(), cause);
    };
    const hidden = tell("hidden");
    video.addEventListener("timeupdate", tell("time"), { signal });
    video.addEventListener("pause", tell("pause"), { signal });
    video.addEventListener("ended", tell("ended"), { signal });
    document.addEventListener("visibilitychange", () => document.hidden && hidden(), { signal });
    window.addEventListener("pagehide", hidden, { signal });
    return () => {
      hidden();
      listening.abort();
    };
  }, [parts, playbackId, videoId, csrf]);
}
