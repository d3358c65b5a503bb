import type { Transport } from "./transport.ts";

/** As many as the API signs at once. */
const BATCH_MAX = 20;
/** A URL this close to its end is not used any more. */
const MARGIN_MS = 30_000;

type Signed = { urls: { partNumber: number; size: number; url: string }[]; expiresAt: string };

/** Addresses of parts in the bucket, asked for in batches and kept until shortly before they expire. */
export type PartUrls = {
  /** The address of a part. `upcoming` are the parts that will be sent next: they are signed in the same call. */
  urlOf(partNumber: number, upcoming: readonly number[], signal: AbortSignal): Promise<string>;
  /** Drops an address that the bucket refused. */
  drop(partNumber: number): void;
};

export function partUrls(transport: Transport, uploadId: string, wallClockMs: () => number): PartUrls {
  const known = new Map<number, { url: string; untilMs: number }>();
  let asking: Promise<void> | null = null;

  const fresh = (partNumber: number): string | undefined => {
    const found = known.get(partNumber);
    return found && found.untilMs - MARGIN_MS > wallClockMs() ? found.url : undefined;
  };

  const ask = async (partNumbers: number[], signal: AbortSignal) => {
    const path = `/api/v1/uploads/${uploadId}/part-urls`;
    const { urls, expiresAt } = await transport.call<Signed>("POST", path, { partNumbers }, signal);
    // A clock that is off must not make every address look expired: what was just given counts as good for a while
    const untilMs = Math.max(Date.parse(expiresAt), wallClockMs() + 2 * MARGIN_MS);
    for (const { partNumber, url } of urls) known.set(partNumber, { url, untilMs });
  };

  return {
    drop: (partNumber) => void known.delete(partNumber),
    async urlOf(partNumber, upcoming, signal) {
      for (;;) {
        const url = fresh(partNumber);
        if (url !== undefined) return url;
        if (asking) {
          await asking.catch(() => undefined);
          signal.throwIfAborted();
          continue;
        }
        const wanted = [partNumber, ...upcoming.filter((other) => other !== partNumber && fresh(other) === undefined)];
        asking = ask(wanted.slice(0, BATCH_MAX), signal).finally(() => (asking = null));
        await asking;
        if (fresh(partNumber) === undefined) throw new Error(`no address for part ${partNumber}`);
      }
    },
  };
}
