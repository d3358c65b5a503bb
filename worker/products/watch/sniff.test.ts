import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SNIFF_BYTES, sniffContainer } from "./sniff.ts";

/** Text stands for its bytes; numbers for themselves. */
function bytesOf(...pieces: (string | number[])[]): Uint8Array {
  const bytes = pieces.flatMap((piece) =>
    typeof piece === "string" ? [...piece].map((character) => character.charCodeAt(0)) : piece,
  );
  return Uint8Array.from([...bytes, ...Array.from({ length: SNIFF_BYTES - bytes.length }, () => 0)]);
}

const box = (size: number, type: string, rest = "") => bytesOf([0, 0, size >> 8, size & 255], type, rest);
const transport = (start: number, length: number) => {
  const bytes = new Uint8Array(SNIFF_BYTES);
  for (let at = start; at < bytes.length; at += length) bytes[at] = 0x47;
  return bytes;
};

describe("a file's first bytes", () => {
  it.each([
    ["an MP4", box(32, "ftyp", "isom"), "mp4"],
    ["a QuickTime film", box(20, "ftyp", "qt  "), "mp4"],
    ["an old QuickTime film", box(8, "wide"), "mp4"],
    ["a film whose data comes first, of unknown length", box(0, "mdat"), "mp4"],
    ["a film with a long size", box(1, "mdat"), "mp4"],
    ["a film whose index comes first", box(600, "moov"), "mp4"],
    ["a WebM", bytesOf([0x1a, 0x45, 0xdf, 0xa3, 0x9f, 0x42, 0x82, 0x84], "webm"), "matroska"],
    ["a Matroska", bytesOf([0x1a, 0x45, 0xdf, 0xa3, 0xa3, 0x42, 0x82, 0x88], "matroska"), "matroska"],
    ["a transport stream", transport(0, 188), "mpegts"],
    ["a disc's transport stream", transport(4, 192), "mpegts"],
    ["a programme stream", bytesOf([0, 0, 1, 0xba]), "mpegps"],
    ["an AVI", bytesOf("RIFF", [1, 2, 3, 4], "AVI LIST"), "avi"],
    ["a Flash video", bytesOf("FLV", [1, 5]), "flv"],
    ["an Ogg", bytesOf("OggS", [0, 2]), "ogg"],
  ])("of %s say so", (_what, bytes, container) => expect(sniffContainer(bytes)).toBe(container));

  it.each([
    ["a page", bytesOf("<!DOCTYPE html><html><script>alert(1)</script>")],
    ["a drawing", bytesOf('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">')],
    ["XML", bytesOf('<?xml version="1.0"?>')],
    ["a playlist", bytesOf("#EXTM3U\n#EXTINF:4,\nhttp://169.254.169.254/latest/meta-data\n")],
    ["an archive", bytesOf("PK", [3, 4])],
    ["a document", bytesOf("%PDF-1.7")],
    ["a PNG", bytesOf([0x89], "PNG", [13, 10, 26, 10])],
    ["a JPEG", bytesOf([0xff, 0xd8, 0xff, 0xe0])],
    ["a HEIC picture", box(24, "ftyp", "heic")],
    ["an AVIF picture", box(24, "ftyp", "avif")],
    ["a WAV", bytesOf("RIFF", [1, 2, 3, 4], "WAVE")],
    ["a WebP", bytesOf("RIFF", [1, 2, 3, 4], "WEBP")],
    ["plain text", bytesOf("this is not a film at all")],
    ["text that names a box", bytesOf("AAAAftypisom")],
    ["EBML that is neither", bytesOf([0x1a, 0x45, 0xdf, 0xa3], "something else")],
    ["Japanese", new TextEncoder().encode("動画ではありません")],
    ["one G", bytesOf("G")],
    ["zeros", new Uint8Array(SNIFF_BYTES)],
    ["nothing", new Uint8Array()],
  ])("of %s are not a video's", (_what, bytes) => expect(sniffContainer(bytes)).toBeNull());

  it("may be anything, of any length, without a crash", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => void sniffContainer(bytes)));
  });
});
