/** How many bytes of a file's beginning {@link sniffContainer} looks at. */
export const SNIFF_BYTES = 4096;

export type VideoContainer = "mp4" | "matroska" | "mpegts" | "mpegps" | "avi" | "flv" | "ogg";

/** First boxes that an MP4 or QuickTime file may begin with (ISO/IEC 14496-12; QuickTime File Format Specification). */
const MOVIE_BOXES = new Set(["moov", "mdat", "wide", "free", "skip", "pnot"]);
/** Brands of pictures in the same boxes: HEIF and AVIF (ISO/IEC 23008-12). */
const PICTURE_BRANDS = new Set([
  "heic",
  "heix",
  "heim",
  "heis",
  "hevc",
  "hevx",
  "mif1",
  "msf1",
  "avif",
  "avis",
  "crx ",
]);
const FTYP_BYTES_MAX = 1024;
/** Transport packets: 188 bytes beginning with 0x47 (ISO/IEC 13818-1 §2.4.3), on discs behind four bytes of time. */
const TS_SYNC = 0x47;

/**
 * The container that a file's first bytes speak of, when it is one that holds video; null for anything else: pages, pictures, archives,
 * playlists, text. Names and declared types are not looked at. A match is only a candidate: whether there is a film in it, the probe says.
 */
export function sniffContainer(bytes: Uint8Array): VideoContainer | null {
  if (isMovie(bytes)) return "mp4";
  if (startsWith(bytes, [0x1a, 0x45, 0xdf, 0xa3]) && /webm|matroska/.test(textAt(bytes, 4, 128))) return "matroska";
  if (startsWith(bytes, [0x00, 0x00, 0x01, 0xba])) return "mpegps";
  if (textAt(bytes, 0, 4) === "RIFF" && textAt(bytes, 8, 4) === "AVI ") return "avi";
  if (textAt(bytes, 0, 3) === "FLV" && bytes[3] === 1) return "flv";
  if (textAt(bytes, 0, 4) === "OggS" && bytes[4] === 0) return "ogg";
  if (isTransportStream(bytes)) return "mpegts";
  return null;
}

function isMovie(bytes: Uint8Array): boolean {
  if (bytes.length < 12) return false;
  const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  const type = textAt(bytes, 4, 4);
  if (type === "ftyp") return size >= 12 && size <= FTYP_BYTES_MAX && !PICTURE_BRANDS.has(textAt(bytes, 8, 4));
  // Sizes 0 (to the end of the file) and 1 (a long size follows) are as good as any from eight on.
  return MOVIE_BOXES.has(type) && (size < 2 || size >= 8);
}

function isTransportStream(bytes: Uint8Array): boolean {
  const packets = (first: number, length: number) => [0, 1, 2].every((n) => bytes[first + n * length] === TS_SYNC);
  return packets(0, 188) || packets(4, 192);
}

const startsWith = (bytes: Uint8Array, start: readonly number[]): boolean =>
  start.every((byte, index) => bytes[index] === byte);

function textAt(bytes: Uint8Array, start: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(start, start + length));
}
