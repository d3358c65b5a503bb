const EVERY_MS = 2_000;
const HIDDEN_MS = 15_000;
const DELAY_MS_MAX = 30_000;

/** How long to wait before asking again how far a conversion is: two seconds, less often unseen, and backing off while nobody answers. */
export function pollDelayMs({ hidden, failures }: { hidden: boolean; failures: number }): number {
  const base = hidden ? HIDDEN_MS : EVERY_MS;
  return Math.min(DELAY_MS_MAX, base * 2 ** failures);
}

/** States in which a video moves on by itself. */
export function isConverting({ state }: { state: string }): boolean {
  return state === "uploaded" || state === "processing";
}
