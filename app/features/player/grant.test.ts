import { describe, expect, it } from "vitest";
import { readdressed, renewDelayMs, renewRetryMs } from "./grant.ts";
import { positionReporter } from "./position-reporter.ts";
import { storyboardFrame } from "./storyboard.ts";

const PAGE = "https://hiroba.example";
const newest = { playlistUrl: "/play/new.$&grant/main.m3u8", cdnQuery: "Policy=b~&Signature=c&Key-Pair-Id=d" };

describe("addresses under the newest grant", () => {
  it("give media of the CDN the newest signature in place of the old one", () => {
    const old = "https://cdn.example/v/vid_1/1/720/00001.m4s?Policy=old&Signature=old";
    expect(readdressed(old, newest, PAGE)).toBe(`https://cdn.example/v/vid_1/1/720/00001.m4s?${newest.cdnQuery}`);
  });

  it("move playlists of this host to the newest grant's folder and keep the rest of the path", () => {
    expect(readdressed(`${PAGE}/play/old/720.m3u8`, newest, PAGE)).toBe(`${PAGE}/play/new.$&grant/720.m3u8`);
  });

  it("leave what is no address of the network", () => {
    expect(readdressed("data:text/plain,x", newest, PAGE)).toBe("data:text/plain,x");
  });
});

describe("renewal", () => {
  it("waits for the same share of the grant's life whatever the browser's clock says", () => {
    const issuedMs = Date.parse("2026-01-01T00:00:00Z");
    expect(renewDelayMs({ renewAt: "2026-01-01T00:08:00Z" }, issuedMs)).toBe(480_000);
    expect(renewDelayMs({ renewAt: "2025-12-31T23:00:00Z" }, issuedMs)).toBe(1_000);
  });

  it("tries again while the grant lives, and not after", () => {
    const grant = { expiresAt: "2026-01-01T00:10:00Z" };
    expect(renewRetryMs(grant, Date.parse("2026-01-01T00:09:00Z"))).toBe(5_000);
    expect(renewRetryMs(grant, Date.parse("2026-01-01T00:09:58Z"))).toBeNull();
  });
});

describe("position", () => {
  it("is told at most every ten seconds while playing, and at once on pause or leaving", () => {
    const told: [number, string][] = [];
    const reporter = positionReporter((positionMs, cause) => told.push([positionMs, cause]));
    reporter.tell(200, 0, "time");
    for (let second = 1; second <= 21; second++) reporter.tell(second * 1_000, second * 1_000, "time");
    reporter.tell(23_000, 21_500, "pause");
    reporter.tell(23_400, 21_600, "hidden");
    expect(told).toEqual([
      [1_000, "time"],
      [11_000, "time"],
      [21_000, "time"],
      [23_000, "pause"],
    ]);
  });
});

describe("storyboard", () => {
  const storyboard = { url: "https://cdn.example/s/{n}.jpg", intervalS: 5, width: 160, height: 90, count: 3 };
  it("names the frame of a position in seven digits, with the signature", () => {
    expect(storyboardFrame(storyboard, 7, "a=b")?.url).toBe("https://cdn.example/s/0000001.jpg?a=b");
    expect(storyboardFrame(storyboard, 9_999, "")?.url).toBe("https://cdn.example/s/0000002.jpg");
    expect(storyboardFrame(storyboard, -1, "")?.url).toBe("https://cdn.example/s/0000000.jpg");
    expect(storyboardFrame(null, 3, "a=b")).toBeNull();
  });
});
