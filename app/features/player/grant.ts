import type { PlaybackGrant } from "#worker/products/watch/views.ts";

/** A grant as it comes over the wire: instants are texts (ISO 8601). */
export type WireGrant = Omit<PlaybackGrant, "expiresAt" | "renewAt"> & { expiresAt: string; renewAt: string };

const RETRY_MS = 5_000;
const DELAY_MS_MIN = 1_000;

/** The part of a grant that addresses depend on. */
export type Addressing = Pick<WireGrant, "playlistUrl" | "cdnQuery">;

/**
 * The address under the newest grant of something that a playlist named under an older one: playlists of this host move to the newest
 * grant's folder (`/play/<grant>/…`), everything else is the CDN's and gets the newest signature as its query.
 */
export function readdressed(address: string, { playlistUrl, cdnQuery }: Addressing, pageOrigin: string): string {
  const url = new URL(address, pageOrigin);
  const newest = new URL(playlistUrl, pageOrigin);
  const folder = /^\/play\/[^/]+\//;
  if (url.origin === newest.origin && folder.test(url.pathname)) {
    const newestFolder = folder.exec(newest.pathname)?.[0];
    if (newestFolder) url.pathname = url.pathname.replace(folder, () => newestFolder);
    return url.href;
  }
  if (!/^https?:$/.test(url.protocol)) return address;
  url.search = cdnQuery;
  return url.href;
}

/**
 * How long until a grant is to be renewed, in milliseconds. The life of a grant is counted from when it arrived (`renewAt` is the same
 * share of it), so that a wrong clock in the browser does no harm; `issuedMs` is what the answer's `Date` header said.
 */
export function renewDelayMs(grant: Pick<WireGrant, "renewAt">, issuedMs: number): number {
  return Math.max(DELAY_MS_MIN, Date.parse(grant.renewAt) - issuedMs);
}

/** When to ask again after a renewal that got no answer; null when the grant ends before that and nothing can be saved. */
export function renewRetryMs(grant: Pick<WireGrant, "expiresAt">, nowMs: number): number | null {
  return Date.parse(grant.expiresAt) - nowMs > RETRY_MS ? RETRY_MS : null;
}
