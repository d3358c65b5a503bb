/** How much of a box {@link afterBox} looks at: size, type and the long size. */
export const BOX_HEADER_BYTES = 16;
/** Boxes that carry pictures, sound or where to find them. */
const FILM_BOXES = new Set(["moov", "mdat", "moof"]);

/**
 * Where the box that begins at `at` of an MP4 or QuickTime file ends (ISO/IEC 14496-12, 4.2): the place of the next one; `"end"` when there is
 * none, or nothing that looks like one; `"torn"` when the film goes on behind the end of the file. Other boxes may promise too much: players
 * do not read them.
 */
export function afterBox(header: Uint8Array, at: number, fileBytes: number): number | "end" | "torn" {
  if (header.length < 8) return "end";
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const short = view.getUint32(0);
  if (short === 1 && header.length < BOX_HEADER_BYTES) return "end";
  const size = short === 1 ? Number(view.getBigUint64(8)) : short;
  if (size < 8) return "end"; // 0: it reaches to the end of the file, wherever that is
  const next = at + size;
  if (next < fileBytes) return next;
  const isFilm = FILM_BOXES.has(String.fromCharCode(...header.subarray(4, 8)));
  return next > fileBytes && isFilm ? "torn" : "end";
}
