const FIRST_DELAY_MS = 1_000;
const DELAY_MS_MAX = 30_000;

/**
 * How long to wait before attempt `attempt + 1`, in milliseconds: doubles from one second to half a minute, of which a random half is left
 * out so that many browsers do not come back at once. `random` is from [0, 1).
 */
export function retryDelayMs(attempt: number, random: number): number {
  const ceiling = Math.min(DELAY_MS_MAX, FIRST_DELAY_MS * 2 ** Math.max(0, attempt - 1));
  return Math.round(ceiling * (0.5 + random / 2));
}
