const REPORT_EVERY_MS = 10_000;
/** Less than this is not worth a call. */
const MOVED_MS_MIN = 1_000;

/** Why a position is told: time passed, the person paused, the page is being hidden, or the end was reached. */
export type ReportCause = "time" | "pause" | "hidden" | "ended";

/**
 * Decides when the position of a viewer is sent home: at most every ten seconds while playing, and at once when they pause, leave or
 * finish; never twice for the same place.
 */
export function positionReporter(send: (positionMs: number, cause: ReportCause) => void) {
  let sentAtMs = Number.NEGATIVE_INFINITY;
  let sentPositionMs: number | null = null;
  return {
    tell(positionMs: number, nowMs: number, cause: ReportCause): void {
      if (sentPositionMs !== null && Math.abs(positionMs - sentPositionMs) < MOVED_MS_MIN) return;
      if (sentPositionMs === null && positionMs < MOVED_MS_MIN) return;
      if (cause === "time" && nowMs - sentAtMs < REPORT_EVERY_MS) return;
      sentAtMs = nowMs;
      sentPositionMs = positionMs;
      send(Math.round(positionMs), cause);
    },
  };
}
