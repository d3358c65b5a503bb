const SAMPLE_MS = 500;
const TIME_CONSTANT_MS = 5_000;

/** Measures a rate in bytes per second; what is old weighs less and less (exponential moving average over about five seconds). */
export type SpeedMeter = {
  /** Tells of bytes that have left since the last call. */
  add(bytes: number, nowMs: number): void;
  /** Forgets what was measured, after a pause. */
  reset(): void;
  /** Bytes per second; null until half a second has been measured. */
  bytesPerSecond(): number | null;
};

export function speedMeter(): SpeedMeter {
  let speed: number | null = null;
  let pending = 0;
  let since: number | null = null;
  return {
    add(bytes, nowMs) {
      pending += bytes;
      since ??= nowMs;
      const elapsedMs = nowMs - since;
      if (elapsedMs < SAMPLE_MS) return;
      const sample = (pending * 1_000) / elapsedMs;
      const weight = 1 - Math.exp(-elapsedMs / TIME_CONSTANT_MS);
      speed = speed === null ? sample : speed + (sample - speed) * weight;
      pending = 0;
      since = nowMs;
    },
    reset() {
      speed = null;
      pending = 0;
      since = null;
    },
    bytesPerSecond: () => speed,
  };
}

/** Whole seconds until the rest has left at this speed; null while that cannot be said. */
export function timeLeftS(restBytes: number, bytesPerSecond: number | null): number | null {
  if (bytesPerSecond === null || bytesPerSecond < 1) return null;
  return Math.ceil(restBytes / bytesPerSecond);
}
