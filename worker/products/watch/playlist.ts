import { assert } from "../../kernel/assert.ts";

export type PlaylistTarget = {
  /** CDN URL of the folder that the playlist lies in, ending in `/`. */
  baseUrl: string;
  /** Signature that every object below that folder is fetched with, without `?`. */
  cdnQuery: string;
};

/** Short side of the rendition that playing starts with: quick to begin, then the player climbs. */
const FIRST_SHORT_SIDE = 480;

/**
 * An HLS playlist (RFC 8216) as a viewer gets it. References to other playlists stay relative, because they are read through us too;
 * everything else (segments, initialisation sections, keys, partial segments) becomes a signed CDN URL. A multivariant playlist lists its 480p
 * variant first, or the nearest below, or the nearest above. Throws when the stored text is no playlist or refers to anything but files beside
 * or below it: an absolute address, `..`, or a query, which no stored playlist has.
 */
export function rewritePlaylist(text: string, target: PlaylistTarget): string {
  const lines = text.split(/\r?\n/);
  assert(lines[0]?.trimEnd() === "#EXTM3U", "a stored playlist starts with #EXTM3U");
  return startLow(lines.map((line) => rewriteLine(line.trimEnd(), target))).join("\n");
}

function rewriteLine(line: string, target: PlaylistTarget): string {
  if (line === "") return line;
  if (!line.startsWith("#")) return rewriteUri(line, target);
  if (!line.startsWith("#EXT")) return line;
  return line.replace(
    /([:,]\s*URI=)"([^"]*)"/g,
    (_, name: string, uri: string) => `${name}"${rewriteUri(uri, target)}"`,
  );
}

const PLAIN_PATH = /^[\w.-]+(?:\/[\w.-]+)*$/;

function rewriteUri(uri: string, { baseUrl, cdnQuery }: PlaylistTarget): string {
  assert(PLAIN_PATH.test(uri) && !uri.split("/").includes(".."), "a stored playlist names files beside or below it");
  return uri.endsWith(".m3u8") ? uri : `${baseUrl}${uri}?${cdnQuery}`;
}

type Variant = { at: number; lines: string[]; shortSide: number | undefined };

/** The lines with the variant to start with in the place of the first one; the others keep their order. */
function startLow(lines: readonly string[]): string[] {
  const variants: Variant[] = [];
  for (const [at, line] of lines.entries())
    if (line.startsWith("#EXT-X-STREAM-INF:"))
      variants.push({ at, lines: [line, lines[at + 1] ?? ""], shortSide: shortSideOf(line) });
  const first = nearest(variants);
  if (!first) return [...lines];
  const ordered = [first, ...variants.filter((variant) => variant !== first)];
  const result = [...lines];
  for (const [index, { at }] of variants.entries()) result.splice(at, 2, ...ordered[index]!.lines);
  return result;
}

function nearest(variants: readonly Variant[]): Variant | undefined {
  const distance = ({ shortSide = Infinity }: Variant) =>
    shortSide <= FIRST_SHORT_SIDE ? FIRST_SHORT_SIDE - shortSide : shortSide;
  return variants.reduce<Variant | undefined>(
    (best, variant) => (best && distance(best) <= distance(variant) ? best : variant),
    undefined,
  );
}

function shortSideOf(streamInf: string): number | undefined {
  const [, width, height] = /[:,]RESOLUTION=(\d+)x(\d+)/.exec(streamInf) ?? [];
  return width && height ? Math.min(Number(width), Number(height)) : undefined;
}
