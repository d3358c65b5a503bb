import { describe, expect, it } from "vitest";
import { rewritePlaylist } from "./playlist.ts";

const target = {
  baseUrl: "https://media.example.com/v/vid_a/1/",
  cdnQuery: "Policy=eyJT~-_&Key-Pair-Id=K1&Signature=c2ln__&Hash-Algorithm=SHA256",
};
const signed = (file: string) => `${target.baseUrl}${file}?${target.cdnQuery}`;
const rewrite = (...lines: string[]) =>
  rewritePlaylist(["#EXTM3U", ...lines].join("\n"), target)
    .split("\n")
    .slice(1);

const media = [
  "#EXT-X-VERSION:7",
  "#EXT-X-TARGETDURATION:4",
  '#EXT-X-MAP:URI="main_480p_init.mp4"',
  '#EXT-X-KEY:METHOD=AES-128,URI="keys/1.bin",IV=0x1',
  "#EXTINF:4.0,",
  "main_480p_000000001.mp4",
  "#EXT-X-BYTERANGE:100@0",
  "#EXTINF:1.5,",
  "parts/main_480p_000000002.mp4",
  "#EXT-X-ENDLIST",
  "",
];

const variant = (size: string, uri: string) => [
  `#EXT-X-STREAM-INF:BANDWIDTH=1,RESOLUTION=${size},CODECS="avc1,mp4a"`,
  uri,
];
const variantsOf = (lines: string[]) => lines.filter((line) => line.endsWith(".m3u8") && !line.startsWith("#"));

describe("a media playlist", () => {
  it("signs every segment, map and key, and leaves everything else as it is", () => {
    expect(rewrite(...media)).toEqual([
      "#EXT-X-VERSION:7",
      "#EXT-X-TARGETDURATION:4",
      `#EXT-X-MAP:URI="${signed("main_480p_init.mp4")}"`,
      `#EXT-X-KEY:METHOD=AES-128,URI="${signed("keys/1.bin")}",IV=0x1`,
      "#EXTINF:4.0,",
      signed("main_480p_000000001.mp4"),
      "#EXT-X-BYTERANGE:100@0",
      "#EXTINF:1.5,",
      signed("parts/main_480p_000000002.mp4"),
      "#EXT-X-ENDLIST",
      "",
    ]);
  });

  it("leaves no URI of it without the signature", () => {
    const lines = rewrite(...media).filter((line) => line && (!line.startsWith("#") || line.includes("URI=")));
    expect(lines).toHaveLength(4);
    for (const line of lines) expect(line).toContain(target.cdnQuery);
  });

  it("signs the segments of an I-frame playlist", () => {
    expect(rewrite("#EXT-X-I-FRAMES-ONLY", "#EXTINF:2,", "#EXT-X-BYTERANGE:9@1", "main_iframe.mp4").at(-1)).toBe(
      signed("main_iframe.mp4"),
    );
  });

  it("reads Windows line ends", () => {
    expect(rewritePlaylist("#EXTM3U\r\n#EXTINF:4,\r\na.mp4\r\n", target)).toBe(
      `#EXTM3U\n#EXTINF:4,\n${signed("a.mp4")}\n`,
    );
  });
});

describe("a multivariant playlist", () => {
  const lines = [
    "#EXT-X-INDEPENDENT-SEGMENTS",
    '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="音声",URI="main_audio.m3u8"',
    '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="s",NAME="日本語",LANGUAGE="ja",URI="captions/ja.m3u8"',
    ...variant("1920x1080", "main_1080p.m3u8"),
    ...variant("1280x720", "main_720p.m3u8"),
    ...variant("854x480", "main_480p.m3u8"),
    ...variant("640x360", "main_360p.m3u8"),
    '#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1,RESOLUTION=640x360,URI="main_iframe.m3u8"',
    '#EXT-X-SESSION-KEY:METHOD=AES-128,URI="keys/1.bin"',
  ];

  it("keeps playlists relative, so that they are read through us, and signs the rest", () => {
    const rewritten = rewrite(...lines);
    expect(rewritten.slice(0, 3)).toEqual(lines.slice(0, 3));
    expect(rewritten.at(-2)).toBe(lines.at(-2));
    expect(rewritten.at(-1)).toContain(signed("keys/1.bin"));
  });

  it("starts with 480p and keeps the order of the others", () => {
    expect(variantsOf(rewrite(...lines))).toEqual([
      "main_480p.m3u8",
      "main_1080p.m3u8",
      "main_720p.m3u8",
      "main_360p.m3u8",
    ]);
  });

  it("keeps each variant's attributes with its address", () => {
    const rewritten = rewrite(...lines);
    for (const [size, uri] of [
      ["854x480", "main_480p.m3u8"],
      ["1920x1080", "main_1080p.m3u8"],
    ] as const)
      expect(rewritten[rewritten.indexOf(uri) - 1]).toContain(`RESOLUTION=${size}`);
  });

  it.each([
    ["portrait: by the short side", ["1080x1920", "480x854", "360x640"], "480x854"],
    ["none of 480: the nearest below", ["1920x1080", "640x360", "426x240", "1280x720"], "640x360"],
    ["none below either: the nearest above", ["1920x1080", "1280x720", "960x540"], "960x540"],
    ["one alone", ["320x240"], "320x240"],
  ])("%s", (_case, sizes, first) => {
    expect(variantsOf(rewrite(...sizes.flatMap((size) => variant(size, `${size}.m3u8`))))[0]).toBe(`${first}.m3u8`);
  });

  it("does not start with sound alone", () => {
    const rewritten = rewrite("#EXT-X-STREAM-INF:BANDWIDTH=9", "audio.m3u8", ...variant("1280x720", "720.m3u8"));
    expect(variantsOf(rewritten)).toEqual(["720.m3u8", "audio.m3u8"]);
  });
});

describe("a stored playlist that refers elsewhere", () => {
  it.each([
    "https://evil.example/a.mp4",
    "//evil.example/a.mp4",
    "/v/vid_b/1/a.mp4",
    "../2/a.mp4",
    "x/../../2/a.mp4",
    "%2e%2e/2/a.mp4",
    "..\\a.mp4",
    "data:video/mp4;base64,AA",
    "skd://key",
    "a.mp4?Policy=stored",
    "a.mp4#Signature=stored",
    "../other/main.m3u8",
    "https://evil.example/main.m3u8",
  ])("is refused: %s", (uri) => {
    expect(() => rewrite("#EXTINF:4,", uri)).toThrow("names files beside or below it");
    expect(() => rewrite(`#EXT-X-MAP:URI="${uri}"`)).toThrow("names files beside or below it");
  });

  it("is refused when it is no playlist at all", () => {
    expect(() => rewritePlaylist("<html></html>", target)).toThrow("#EXTM3U");
  });
});
