import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inspectMedia } from "#local/media/inspect-media.ts";
import { run, tools, useMediaConvertRoom } from "./media-convert-room.ts";
import { aJob, audioOutput, captureGroup, cmafGroup, hlsGroup, mp4Group, videoOutput } from "./media-jobs.ts";

const room = useMediaConvertRoom();
const variants = (playlist: string) =>
  [...playlist.matchAll(/#EXT-X-STREAM-INF:(.+)\n(.+)/g)].map(([, attributes, uri]) => ({
    attributes: attributes!,
    uri: uri!,
  }));

describe("a CMAF ladder", () => {
  it("plays: four renditions and one sound, cut at the same independent points, measured and announced", async () => {
    await room.current.files.write("uploads", "u1/film.mp4", await room.clip("film.mp4"));
    const ladder = [
      videoOutput("_270p", 480, 270, 700_000),
      videoOutput("_360p", 640, 360, 900_000),
      videoOutput("_180p", 320, 180, 500_000),
      videoOutput("_90p", 160, 90, 200_000),
    ];
    const job = await room.current.finish(
      aJob("s3://uploads/u1/film.mp4", [
        cmafGroup("s3://media/vod/v1/master", [...ladder, audioOutput()]),
        captureGroup("s3://media/vod/v1/thumb", 3),
      ]),
    );
    expect(job).toMatchObject({
      Status: "COMPLETE",
      JobPercentComplete: 100,
      UserMetadata: { videoId: "vid_1", attempt: "1" },
    });

    const master = await room.current.files.text("media", "vod/v1/master.m3u8");
    expect(variants(master).map((variant) => variant.uri)).toEqual([
      "master_270p.m3u8",
      "master_360p.m3u8",
      "master_180p.m3u8",
      "master_90p.m3u8",
    ]);
    expect(master).toContain('#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="program_audio_0"');
    for (const { attributes } of variants(master)) {
      expect(attributes).toMatch(/CODECS="avc1\.[0-9a-f]{6},mp4a\.40\.2"/);
      expect(attributes).toContain("FRAME-RATE=30.000");
      const peak = Number(/(?:^|,)BANDWIDTH=(\d+)/.exec(attributes)![1]);
      const average = Number(/AVERAGE-BANDWIDTH=(\d+)/.exec(attributes)![1]);
      expect(average).toBeGreaterThan(50_000);
      expect(peak).toBeGreaterThanOrEqual(average);
    }
    expect(variants(master)[1]!.attributes).toContain("RESOLUTION=640x360");

    const media = await room.current.files.text("media", "vod/v1/master_360p.m3u8");
    expect(media).toContain('#EXT-X-MAP:URI="master_360pinit.cmfv"');
    expect(media).toContain("#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-INDEPENDENT-SEGMENTS\n");
    expect([...media.matchAll(/#EXTINF:([\d.]+)/g)].map((match) => Number(match[1]))).toEqual([2, 2, 1]);
    expect(media.trim().endsWith("#EXT-X-ENDLIST")).toBe(true);

    const init = await readFile(room.current.files.path("media", "vod/v1/master_360pinit.cmfv"));
    const second = await readFile(room.current.files.path("media", "vod/v1/master_360p_000000002.cmfv"));
    const alone = join(room.current.path, "alone.mp4");
    await writeFile(alone, new Uint8Array([...init, ...second]));
    const frames = await run(tools.ffprobe, [
      "-v",
      "error",
      "-select_streams",
      "v",
      "-show_entries",
      "frame=key_frame",
      "-of",
      "csv=p=0",
      alone,
    ]);
    const keys = frames.stdout
      .trim()
      .split("\n")
      .map((line) => line.startsWith("1"));
    expect([keys[0], keys.filter(Boolean).length, keys.length]).toEqual([true, 1, 60]);

    const whole = [
      "-v",
      "error",
      "-allowed_extensions",
      "ALL",
      "-show_format",
      "-show_streams",
      "-of",
      "json",
      room.current.files.path("media", "vod/v1/master.m3u8"),
    ];
    const probed = JSON.parse((await run(tools.ffprobe, whole)).stdout) as {
      streams: { codec_type: string }[];
      format: { duration: string };
    };
    expect(probed.streams.filter((stream) => stream.codec_type === "video")).toHaveLength(4);
    expect(probed.streams.some((stream) => stream.codec_type === "audio")).toBe(true);
    expect(Number(probed.format.duration)).toBeCloseTo(5, 0);

    const pictures = (await readdir(join(room.current.files.path("media", "vod/v1")))).filter((name) =>
      name.endsWith(".jpg"),
    );
    expect(pictures.toSorted()).toEqual(["thumb.0000000.jpg", "thumb.0000001.jpg", "thumb.0000002.jpg"]);
  });

  it("stores media before playlists, the multivariant playlist last, and lets caches keep media for ever", async () => {
    await room.current.files.write("uploads", "film.mp4", await room.clip("silent.mp4"));
    await room.current.finish(
      aJob("s3://uploads/film.mp4", [cmafGroup("s3://media/v/master", [videoOutput("_90p", 160, 90, 200_000)])]),
    );
    const stored = room.current.files.puts.map((put) => put.address.slice("s3://media/v/".length));
    expect(stored).toEqual(["master_90pinit.cmfv", "master_90p_000000001.cmfv", "master_90p.m3u8", "master.m3u8"]);
    expect(room.current.files.puts[1]).toMatchObject({
      contentType: "video/mp4",
      cacheControl: "public, max-age=31536000, immutable",
    });
    expect(room.current.files.puts[3]).toMatchObject({ contentType: "application/vnd.apple.mpegurl" });
    expect(room.current.files.puts[3]!.cacheControl).not.toContain("immutable");
  });

  it("reports the course of the job with the user's metadata, and names playlists only when complete", async () => {
    await room.current.files.write("uploads", "film.mp4", await room.clip("film.mp4"));
    const job = await room.current.finish(
      aJob("s3://uploads/film.mp4", [
        cmafGroup("s3://media/v/master", [videoOutput("_90p", 160, 90, 200_000), audioOutput()]),
      ]),
    );
    const statuses = room.current.events.statuses();
    expect(statuses[0]).toBe("PROGRESSING");
    expect(statuses).toContain("INPUT_INFORMATION");
    expect(statuses).toContain("STATUS_UPDATE");
    expect(statuses.at(-1)).toBe("COMPLETE");
    expect(new Set(room.current.events.events.map((event) => event.id)).size).toBe(room.current.events.events.length);
    const { detail, resources } = await room.current.events.next("COMPLETE");
    expect(resources).toEqual([job.Arn]);
    expect(detail).toMatchObject({ jobId: job.Id, userMetadata: { videoId: "vid_1" } });
    expect(detail["outputGroupDetails"]).toEqual([
      {
        type: "CMAF_GROUP",
        playlistFilePaths: ["s3://media/v/master.m3u8"],
        outputDetails: [
          { durationInMs: 5000, videoDetails: { widthInPx: 160, heightInPx: 90 } },
          { durationInMs: expect.any(Number) },
        ],
      },
    ]);
    const percents = room.current.events.events.flatMap(
      (event) => (event.detail["jobProgress"] as { jobPercentComplete: number } | undefined)?.jobPercentComplete ?? [],
    );
    expect(percents).toEqual(percents.toSorted((a, b) => a - b));
  });

  it("starts sound and picture together at the quality of daily use too", async () => {
    room.current.fast = false;
    await room.current.restart();
    await room.current.files.write("uploads", "film.mp4", await room.clip("film.mp4"));
    const outputs = [videoOutput("_180p", 320, 180, 500_000), audioOutput()];
    await room.current.finish(aJob("s3://uploads/film.mp4", [cmafGroup("s3://media/v/main", outputs)]));
    const master = room.current.files.path("media", "v/main.m3u8");
    const starts = [
      "-v",
      "error",
      "-allowed_extensions",
      "ALL",
      "-show_entries",
      "stream=start_time",
      "-of",
      "json",
      master,
    ];
    const { streams } = JSON.parse((await run(tools.ffprobe, starts)).stdout) as { streams: { start_time: string }[] };
    expect(streams.map((stream) => Number(stream.start_time))).toEqual([0, 0]);
  });

  it("also writes a DASH manifest over the same segments when asked", async () => {
    await room.current.files.write("uploads", "film.mp4", await room.clip("film.mp4"));
    const outputs = [videoOutput("_90p", 160, 90, 200_000), audioOutput()];
    const job = await room.current.finish(
      aJob("s3://uploads/film.mp4", [cmafGroup("s3://media/d/main", outputs, "ENABLED")]),
    );
    expect(job.Status).toBe("COMPLETE");
    const manifest = await room.current.files.text("media", "d/main.mpd");
    expect(manifest).toContain('media="main_90p_$Number%09d$.cmfv"');
    expect(manifest).toContain('<S t="0" d="180000" r="1"/><S d="90000"/>');
    expect(manifest).toMatch(/contentType="audio" mimeType="audio\/mp4".*codecs="mp4a\.40\.2"/s);
    expect((await room.current.events.next("COMPLETE")).detail["outputGroupDetails"]).toMatchObject([
      { playlistFilePaths: ["s3://media/d/main.mpd", "s3://media/d/main.m3u8"] },
    ]);
    const played = await run(tools.ffmpeg, [
      "-v",
      "error",
      "-allowed_extensions",
      "ALL",
      "-i",
      room.current.files.path("media", "d/main.mpd"),
      "-map",
      "0",
      "-f",
      "null",
      "-",
    ]);
    expect(played.stderr).toBe("");
  });
});

describe("other output groups", () => {
  it("writes muxed transport streams and a plain MP4 that follows the source", async () => {
    await room.current.files.write("uploads", "film.mp4", await room.clip("film.mp4"));
    const job = await room.current.finish(
      aJob("s3://uploads/film.mp4", [hlsGroup("s3://media/h/main"), mp4Group("s3://media/files/")]),
    );
    expect([job.Status, job.ErrorMessage]).toEqual(["COMPLETE", undefined]);
    const ts = await inspectMedia(tools, room.current.files.path("media", "h/main_180p_00001.ts"));
    expect([ts.video[0]?.width, ts.video[0]?.height, ts.audio[0]?.codec]).toEqual([320, 180, "aac"]);
    expect(variants(await room.current.files.text("media", "h/main.m3u8"))[0]!.attributes).toMatch(
      /CODECS="avc1\.[0-9a-f]{6},mp4a\.40\.2"/,
    );
    const mp4 = await inspectMedia(tools, room.current.files.path("media", "files/film.mp4"));
    expect([mp4.video[0]?.width, mp4.video[0]?.height, mp4.audio.length]).toEqual([640, 360, 1]);
    expect((await room.current.events.next("COMPLETE")).detail["outputGroupDetails"]).toMatchObject([
      {
        type: "HLS_GROUP",
        playlistFilePaths: ["s3://media/h/main.m3u8"],
        outputDetails: [{ outputFilePaths: ["s3://media/h/main_180p.m3u8"] }],
      },
      {
        type: "FILE_GROUP",
        outputDetails: [
          { outputFilePaths: ["s3://media/files/film.mp4"], videoDetails: { widthInPx: 640, heightInPx: 360 } },
        ],
      },
    ]);
  });

  it("turns a phone's picture upright when asked and leaves it as coded when not", async () => {
    await room.current.files.write("uploads", "phone.mp4", await room.clip("phone.mp4"));
    const job = aJob("s3://uploads/phone.mp4", [mp4Group("s3://media/auto")]);
    await room.current.finish(job);
    delete job.Settings!.Inputs![0]!.VideoSelector;
    job.Settings!.OutputGroups = [mp4Group("s3://media/coded")];
    await room.current.finish(job);
    const auto = (await inspectMedia(tools, room.current.files.path("media", "auto.mp4"))).video[0];
    const coded = (await inspectMedia(tools, room.current.files.path("media", "coded.mp4"))).video[0];
    expect([auto?.width, auto?.height, auto?.rotation]).toEqual([180, 320, 0]);
    expect([coded?.width, coded?.height, coded?.rotation]).toEqual([320, 180, 0]);
  });

  it("leaves the sound out of a silent film and warns", async () => {
    await room.current.files.write("uploads", "silent.mp4", await room.clip("silent.mp4"));
    const job = await room.current.finish(
      aJob("s3://uploads/silent.mp4", [
        cmafGroup("s3://media/s/master", [videoOutput("_90p", 160, 90, 200_000), audioOutput()]),
      ]),
    );
    expect(job).toMatchObject({ Status: "COMPLETE", Warnings: [{ Count: 1 }] });
    const master = await room.current.files.text("media", "s/master.m3u8");
    expect(master).not.toContain("EXT-X-MEDIA");
    expect(master).not.toContain("mp4a");
  });
});

describe("inputs that cannot be transcoded", () => {
  it.each([
    ["sound only", "sound.m4a", 1020, "No video found"],
    ["cut off in the middle", "film.mp4", 1076, "Is file truncated?"],
    ["without its index", "noindex.mp4", 1075, "no moov box found in file"],
    ["a text file", "text.mp4", 1010, "No parser found for container"],
    ["a playlist that names other addresses", "list.mp4", 1010, "No parser found for container"],
    ["not there", "absent.mp4", 1404, "HeadObject failed"],
  ])("fails as documented: %s", async (_what, name, code, words) => {
    const whole = await room.clip("film.mp4");
    const content: Record<string, Uint8Array | string> = {
      "sound.m4a": await room.clip("sound.m4a"),
      "film.mp4": whole.subarray(0, Math.floor(whole.length * 0.4)),
      "noindex.mp4": whole.subarray(0, 24),
      "text.mp4": "this is not a film\n".repeat(100),
      "list.mp4": "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nhttp://127.0.0.1:9/secret.ts\n#EXT-X-ENDLIST\n",
    };
    if (content[name]) await room.current.files.write("uploads", name, content[name]);
    const job = await room.current.finish(
      aJob(`s3://uploads/${name}`, [cmafGroup("s3://media/v/master", [videoOutput("_90p", 160, 90, 200_000)])]),
    );
    expect(job).toMatchObject({ Status: "ERROR", ErrorCode: code, ErrorMessage: expect.stringContaining(words) });
    expect((await room.current.events.next("ERROR")).detail).toMatchObject({
      errorCode: code,
      errorMessage: expect.stringContaining(words),
    });
    expect(room.current.files.puts).toEqual([]);
  });

  it("fails when the destination bucket does not exist", async () => {
    await room.current.files.write("uploads", "film.mp4", await room.clip("silent.mp4"));
    const job = await room.current.finish(
      aJob("s3://uploads/film.mp4", [cmafGroup("s3://missing-bucket/v", [videoOutput("_90p", 160, 90, 200_000)])]),
    );
    expect(job).toMatchObject({ Status: "ERROR", ErrorCode: 3404 });
  });
});
