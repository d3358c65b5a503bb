import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { declaredType, decideParts, partBytesOf, partCountOf, partSizeOf, titleOf } from "./upload-parts.ts";

const MIB = 1024 * 1024;
const cutOf = (sizeBytes: number) => ({ sizeBytes, partBytes: partBytesOf(sizeBytes) });
const arrived = (cut: { sizeBytes: number; partBytes: number }) =>
  Array.from({ length: partCountOf(cut) }, (_, index) => ({
    partNumber: index + 1,
    etag: `"${index}"`,
    size: partSizeOf(cut, index + 1),
  }));

describe("parts", () => {
  it("are whole mebibytes of at least 8, at most 10,000, and add up to the file", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 * 1024 ** 4 }), (sizeBytes) => {
        const cut = cutOf(sizeBytes);
        const count = partCountOf(cut);
        expect(cut.partBytes % MIB).toBe(0);
        expect(cut.partBytes).toBeGreaterThanOrEqual(8 * MIB);
        expect(count).toBeGreaterThanOrEqual(1);
        expect(count).toBeLessThanOrEqual(10_000);
        const last = partSizeOf(cut, count);
        expect(last).toBeGreaterThan(0);
        expect((count - 1) * cut.partBytes + last).toBe(sizeBytes);
        for (const none of [0, -1, 1.5, count + 1, 10_001]) expect(partSizeOf(cut, none)).toBe(0);
      }),
    );
  });

  it("are complete only all together", () => {
    const cut = cutOf(37 * MIB);
    const all = arrived(cut);
    expect(decideParts(cut, all)).toEqual({ ok: true });
    expect(decideParts(cut, all.toReversed())).toEqual({ ok: true });
    expect(decideParts(cut, [])).toMatchObject({ because: "uploadIncomplete", facts: { missing: 5, first: 1 } });
    expect(decideParts(cut, all.toSpliced(2, 1))).toMatchObject({ facts: { missing: 1, first: 3 } });
  });

  it("of another size, or that the file does not have, are wrong", () => {
    const cut = cutOf(37 * MIB);
    const all = arrived(cut);
    expect(decideParts(cut, all.with(1, { ...all[1]!, size: 5 * MIB }))).toMatchObject({
      because: "uploadPartWrong",
      facts: { partNumber: 2 },
    });
    expect(decideParts(cut, [...all, { partNumber: 6, etag: "", size: 1 }])).toMatchObject({
      because: "uploadPartWrong",
      facts: { partNumber: 6 },
    });
  });
});

it("titles a video after its file", () => {
  expect(titleOf("夏の旅 2026.mp4", 100)).toBe("夏の旅 2026");
  expect(titleOf("a.b.c.mov", 100)).toBe("a.b.c");
  expect(titleOf(".mp4", 100)).toBe(".mp4");
  expect(titleOf("名前", 100)).toBe("名前");
  expect(titleOf("第1回。続きはこちら", 100)).toBe("第1回。続きはこちら");
  expect([...titleOf(`${"😀".repeat(150)}.mp4`, 100)]).toHaveLength(100);
});

it("keeps a declared type only when it could be a video's", () => {
  expect(declaredType("video/mp4")).toBe("video/mp4");
  expect(declaredType("text/html")).toBe("application/octet-stream");
  expect(declaredType("video/mp4\r\nx: y")).toBe("application/octet-stream");
});
