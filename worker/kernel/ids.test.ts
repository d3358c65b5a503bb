import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { idTime, isId, newId } from "./ids.ts";

const MAX_TIME_MS = 2 ** 48 - 1;

describe("ids", () => {
  it("sort as text in the order of their instants", () => {
    fc.assert(
      fc.property(fc.nat(MAX_TIME_MS), fc.nat(MAX_TIME_MS), (a, b) => {
        fc.pre(a !== b);
        const [first, second] = [newId("video", new Date(a)), newId("video", new Date(b))];
        expect(first < second).toBe(a < b);
      }),
    );
  });

  it("tell the instant they were made at", () => {
    fc.assert(
      fc.property(fc.nat(MAX_TIME_MS), (at) => {
        expect(idTime(newId("user", new Date(at)))).toBe(at);
      }),
    );
  });

  it("are version 7, variant 2 UUIDs that never repeat", () => {
    const now = new Date("2026-07-31T01:00:00Z");
    const ids = new Set(Array.from({ length: 10_000 }, () => newId("video", now)));
    expect(ids.size).toBe(10_000);
    for (const id of ids) expect(isId("video", id)).toBe(true);
  });

  it("refuse what is not an id of the kind", () => {
    const video = newId("video", new Date());
    for (const wrong of [
      newId("user", new Date()),
      video.toUpperCase(),
      `${video}0`,
      video.slice(0, -1),
      "vid_",
      "",
      null,
      7,
      `${video.slice(0, -1)}i`,
    ])
      expect(isId("video", wrong)).toBe(false);
  });
});
