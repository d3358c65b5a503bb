import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { afterBox, BOX_HEADER_BYTES } from "./movie-boxes.ts";

function header(type: string, size: number, longSize = 0n): Uint8Array {
  const bytes = new Uint8Array(BOX_HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, size);
  bytes.set(new TextEncoder().encode(type), 4);
  view.setBigUint64(8, longSize);
  return bytes;
}

describe("a box of a film", () => {
  it.each([
    ["is followed by the next", header("ftyp", 32), 0, 1_000, 32],
    ["is the last", header("mdat", 900), 100, 1_000, "end"],
    ["goes on behind the end of the file", header("mdat", 901), 100, 1_000, "torn"],
    ["is an index that was torn off", header("moov", 5_000), 32, 1_000, "torn"],
    ["has a long size", header("mdat", 1, 5_000_000_000n), 32, 6_000_000_000, 5_000_000_032],
    ["has a long size and was torn off", header("mdat", 1, 5_000_000_000n), 32, 1_000, "torn"],
    ["reaches to the end, wherever that is", header("mdat", 0), 32, 1_000, "end"],
    ["promises too much and carries nothing", header("free", 5_000), 32, 1_000, "end"],
    ["is none, only some last bytes", new Uint8Array(7), 993, 1_000, "end"],
  ] as const)("%s", (_what, bytes, at, fileBytes, after) => expect(afterBox(bytes, at, fileBytes)).toBe(after));

  it("always leads further or to an end, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: BOX_HEADER_BYTES }), fc.nat(), fc.nat(), (bytes, at, rest) => {
        const after = afterBox(bytes, at, at + rest);
        expect(typeof after === "string" || (after > at && after < at + rest)).toBe(true);
      }),
    );
  });
});
