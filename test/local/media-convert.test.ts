import { execFile } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  CancelJobCommand,
  CreateJobCommand,
  type CreateJobCommandInput,
  GetJobCommand,
  type Job,
  ListJobsCommand,
  type MediaConvertClient,
  ProbeCommand,
} from "@aws-sdk/client-mediaconvert";
import { afterEach, beforeAll, afterAll, beforeEach, describe, expect, it } from "vitest";
import { findMediaTools } from "#local/media/ffmpeg.ts";
import { generateDemoVideo } from "#local/media/demo-video.ts";
import { inspectMedia } from "#local/media/inspect-media.ts";
import { MediaConvert } from "#local/media/media-convert.ts";
import { aJob, audioOutput, captureGroup, cmafGroup, hlsGroup, mp4Group, videoOutput } from "./media-jobs.ts";
import { FolderFiles, frontFor, mediaConvertClient, RecordingEvents, temporaryFolder } from "./media-room.ts";

const run = promisify(execFile);
const tools = findMediaTools();
if (!tools) throw new Error("these tests need ffmpeg; npm ci installs one");

let clips: Awaited<ReturnType<typeof temporaryFolder>>;
const clip = (name: string): Promise<Uint8Array> => readFile(join(clips.path, name));

beforeAll(async () => {
  clips = await temporaryFolder();
  const file = (name: string) => join(clips.path, name);
  await generateDemoVideo(tools, { file: file("film.mp4"), seconds: 5, width: 640, height: 360 });
  await generateDemoVideo(tools, {
    file: file("phone.mp4"),
    seconds: 2,
    width: 320,
    height: 180,
    pattern: "fractal",
    rotation: 90,
  });
  await generateDemoVideo(tools, {
    file: file("silent.mp4"),
    seconds: 2,
    width: 320,
    height: 180,
    pattern: "plasma",
    tone: false,
  });
  await run(tools.ffmpeg, ["-v", "error", "-y", "-i", file("film.mp4"), "-vn", "-c:a", "copy", file("sound.m4a")]);
});
afterAll(() => clips.remove());

let room: Awaited<ReturnType<typeof temporaryFolder>>;
let files: FolderFiles;
let events: RecordingEvents;
let service: MediaConvert;
let front: Awaited<ReturnType<typeof frontFor>>;
let client: MediaConvertClient;
let clock: number;

function aService(): MediaConvert {
  return new MediaConvert({
    dataDir: room.path,
    files,
    tools,
    events,
    fast: true,
    statusIntervalMs: 0,
    now: () => new Date(clock++),
  });
}

beforeEach(async () => {
  clock = Date.parse("2026-04-01T00:00:00Z");
  room = await temporaryFolder();
  files = new FolderFiles(join(room.path, "objects"));
  events = new RecordingEvents();
  service = aService();
  await service.start();
  front = await frontFor(service);
  client = mediaConvertClient(front.url);
});
afterEach(async () => {
  client.destroy();
  await front.close();
  await service.stop();
  await room.remove();
});

async function finish(request: CreateJobCommandInput): Promise<Job> {
  const created = await client.send(new CreateJobCommand(request));
  await service.idle();
  const { Job } = await client.send(new GetJobCommand({ Id: created.Job!.Id! }));
  return Job!;
}

const bodyError = (name: string, status: number) =>
  expect.objectContaining({ name, $metadata: expect.objectContaining({ httpStatusCode: status }) });
const variants = (playlist: string) =>
  [...playlist.matchAll(/#EXT-X-STREAM-INF:(.+)\n(.+)/g)].map(([, attributes, uri]) => ({
    attributes: attributes!,
    uri: uri!,
  }));

describe("a CMAF ladder", () => {
  it("plays: four renditions and one sound, cut at the same independent points, measured and announced", async () => {
    await files.write("uploads", "u1/film.mp4", await clip("film.mp4"));
    const ladder = [
      videoOutput("_270p", 480, 270, 700_000),
      videoOutput("_360p", 640, 360, 900_000),
      videoOutput("_180p", 320, 180, 500_000),
      videoOutput("_90p", 160, 90, 200_000),
    ];
    const job = await finish(
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

    const master = await files.text("media", "vod/v1/master.m3u8");
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

    const media = await files.text("media", "vod/v1/master_360p.m3u8");
    expect(media).toContain('#EXT-X-MAP:URI="master_360pinit.cmfv"');
    expect(media).toContain("#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-INDEPENDENT-SEGMENTS\n");
    expect([...media.matchAll(/#EXTINF:([\d.]+)/g)].map((match) => Number(match[1]))).toEqual([2, 2, 1]);
    expect(media.trim().endsWith("#EXT-X-ENDLIST")).toBe(true);

    const init = await readFile(files.path("media", "vod/v1/master_360pinit.cmfv"));
    const second = await readFile(files.path("media", "vod/v1/master_360p_000000002.cmfv"));
    const alone = join(room.path, "alone.mp4");
    await writeFile(alone, new Uint8Array([...init, ...second]));
    const frames = await run(tools!.ffprobe, [
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
      files.path("media", "vod/v1/master.m3u8"),
    ];
    const probed = JSON.parse((await run(tools!.ffprobe, whole)).stdout) as {
      streams: { codec_type: string }[];
      format: { duration: string };
    };
    expect(probed.streams.filter((stream) => stream.codec_type === "video")).toHaveLength(4);
    expect(probed.streams.some((stream) => stream.codec_type === "audio")).toBe(true);
    expect(Number(probed.format.duration)).toBeCloseTo(5, 0);

    const pictures = (await readdir(join(files.path("media", "vod/v1")))).filter((name) => name.endsWith(".jpg"));
    expect(pictures.toSorted()).toEqual(["thumb.0000000.jpg", "thumb.0000001.jpg", "thumb.0000002.jpg"]);
  });

  it("stores media before playlists, the multivariant playlist last, and lets caches keep media for ever", async () => {
    await files.write("uploads", "film.mp4", await clip("silent.mp4"));
    await finish(
      aJob("s3://uploads/film.mp4", [cmafGroup("s3://media/v/master", [videoOutput("_90p", 160, 90, 200_000)])]),
    );
    const stored = files.puts.map((put) => put.address.slice("s3://media/v/".length));
    expect(stored).toEqual(["master_90pinit.cmfv", "master_90p_000000001.cmfv", "master_90p.m3u8", "master.m3u8"]);
    expect(files.puts[1]).toMatchObject({
      contentType: "video/mp4",
      cacheControl: "public, max-age=31536000, immutable",
    });
    expect(files.puts[3]).toMatchObject({ contentType: "application/vnd.apple.mpegurl" });
    expect(files.puts[3]!.cacheControl).not.toContain("immutable");
  });

  it("reports the course of the job with the user's metadata, and names playlists only when complete", async () => {
    await files.write("uploads", "film.mp4", await clip("film.mp4"));
    const job = await finish(
      aJob("s3://uploads/film.mp4", [
        cmafGroup("s3://media/v/master", [videoOutput("_90p", 160, 90, 200_000), audioOutput()]),
      ]),
    );
    const statuses = events.statuses();
    expect(statuses[0]).toBe("PROGRESSING");
    expect(statuses).toContain("INPUT_INFORMATION");
    expect(statuses).toContain("STATUS_UPDATE");
    expect(statuses.at(-1)).toBe("COMPLETE");
    expect(new Set(events.events.map((event) => event.id)).size).toBe(events.events.length);
    const { detail, resources } = await events.next("COMPLETE");
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
    const percents = events.events.flatMap(
      (event) => (event.detail["jobProgress"] as { jobPercentComplete: number } | undefined)?.jobPercentComplete ?? [],
    );
    expect(percents).toEqual(percents.toSorted((a, b) => a - b));
  });
});

describe("other output groups", () => {
  it("writes muxed transport streams and a plain MP4 that follows the source", async () => {
    await files.write("uploads", "film.mp4", await clip("film.mp4"));
    const job = await finish(
      aJob("s3://uploads/film.mp4", [hlsGroup("s3://media/h/main"), mp4Group("s3://media/files/")]),
    );
    expect([job.Status, job.ErrorMessage]).toEqual(["COMPLETE", undefined]);
    const ts = await inspectMedia(tools, files.path("media", "h/main_180p_00001.ts"));
    expect([ts.video[0]?.width, ts.video[0]?.height, ts.audio[0]?.codec]).toEqual([320, 180, "aac"]);
    expect(variants(await files.text("media", "h/main.m3u8"))[0]!.attributes).toMatch(
      /CODECS="avc1\.[0-9a-f]{6},mp4a\.40\.2"/,
    );
    const mp4 = await inspectMedia(tools, files.path("media", "files/film.mp4"));
    expect([mp4.video[0]?.width, mp4.video[0]?.height, mp4.audio.length]).toEqual([640, 360, 1]);
    expect((await events.next("COMPLETE")).detail["outputGroupDetails"]).toMatchObject([
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
    await files.write("uploads", "phone.mp4", await clip("phone.mp4"));
    const job = aJob("s3://uploads/phone.mp4", [mp4Group("s3://media/auto")]);
    await finish(job);
    delete job.Settings!.Inputs![0]!.VideoSelector;
    job.Settings!.OutputGroups = [mp4Group("s3://media/coded")];
    await finish(job);
    const auto = (await inspectMedia(tools, files.path("media", "auto.mp4"))).video[0];
    const coded = (await inspectMedia(tools, files.path("media", "coded.mp4"))).video[0];
    expect([auto?.width, auto?.height, auto?.rotation]).toEqual([180, 320, 0]);
    expect([coded?.width, coded?.height, coded?.rotation]).toEqual([320, 180, 0]);
  });

  it("leaves the sound out of a silent film and warns", async () => {
    await files.write("uploads", "silent.mp4", await clip("silent.mp4"));
    const job = await finish(
      aJob("s3://uploads/silent.mp4", [
        cmafGroup("s3://media/s/master", [videoOutput("_90p", 160, 90, 200_000), audioOutput()]),
      ]),
    );
    expect(job).toMatchObject({ Status: "COMPLETE", Warnings: [{ Count: 1 }] });
    const master = await files.text("media", "s/master.m3u8");
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
    const whole = await clip("film.mp4");
    const content: Record<string, Uint8Array | string> = {
      "sound.m4a": await clip("sound.m4a"),
      "film.mp4": whole.subarray(0, Math.floor(whole.length * 0.4)),
      "noindex.mp4": whole.subarray(0, 24),
      "text.mp4": "this is not a film\n".repeat(100),
      "list.mp4": "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nhttp://127.0.0.1:9/secret.ts\n#EXT-X-ENDLIST\n",
    };
    if (content[name]) await files.write("uploads", name, content[name]);
    const job = await finish(
      aJob(`s3://uploads/${name}`, [cmafGroup("s3://media/v/master", [videoOutput("_90p", 160, 90, 200_000)])]),
    );
    expect(job).toMatchObject({ Status: "ERROR", ErrorCode: code, ErrorMessage: expect.stringContaining(words) });
    expect((await events.next("ERROR")).detail).toMatchObject({
      errorCode: code,
      errorMessage: expect.stringContaining(words),
    });
    expect(files.puts).toEqual([]);
  });

  it("fails when the destination bucket does not exist", async () => {
    await files.write("uploads", "film.mp4", await clip("silent.mp4"));
    const job = await finish(
      aJob("s3://uploads/film.mp4", [cmafGroup("s3://missing-bucket/v", [videoOutput("_90p", 160, 90, 200_000)])]),
    );
    expect(job).toMatchObject({ Status: "ERROR", ErrorCode: 3404 });
  });
});

describe("requests", () => {
  const good = () =>
    aJob("s3://uploads/film.mp4", [cmafGroup("s3://media/v/master", [videoOutput("_90p", 160, 90, 200_000)])]);
  const post = (path: string, body: unknown) =>
    fetch(`${front.url}/2017-08-29${path}`, { method: "POST", body: JSON.stringify(body) });

  it("refuses names and types the model does not have, in the service's error shape", async () => {
    const unknown = await post("/jobs", {
      role: "arn:aws:iam::000000000000:role/r",
      settings: { inputs: [], outputGroup: [] },
    });
    expect([unknown.status, unknown.headers.get("x-amzn-errortype")]).toEqual([400, "BadRequestException"]);
    expect(await unknown.json()).toEqual({ message: "/settings/outputGroup: is not a property of this object" });
    const wrong = await post("/jobs", { role: "arn:aws:iam::000000000000:role/r", settings: { inputs: "one" } });
    expect(await wrong.json()).toEqual({ message: "/settings/inputs: should be an array" });
    const without = await post("/jobs", { settings: {} });
    expect(await without.json()).toEqual({ message: "/: is missing the required property role" });
  });

  it.each<[string, (job: CreateJobCommandInput) => void, RegExp]>([
    ["no outputs", (job) => (job.Settings!.OutputGroups = []), /outputGroups/],
    [
      "sound and picture in one CMAF output",
      (job) => (job.Settings!.OutputGroups![0]!.Outputs![0]!.AudioDescriptions = audioOutput().AudioDescriptions!),
      /video or audio/,
    ],
    [
      "a destination that is no bucket",
      (job) => (job.Settings!.OutputGroups![0]!.OutputGroupSettings!.CmafGroupSettings!.Destination = "/tmp/x"),
      /destination/,
    ],
    [
      "an unknown enum value",
      (job) => (job.Settings!.Inputs![0]!.VideoSelector!.Rotate = "SIDEWAYS" as "AUTO"),
      /should be one of/,
    ],
    [
      "QVBR without a maximum",
      (job) =>
        delete job.Settings!.OutputGroups![0]!.Outputs![0]!.VideoDescription!.CodecSettings!.H264Settings!.MaxBitrate,
      /maxBitrate/,
    ],
    ["a local file as input", (job) => (job.Settings!.Inputs![0]!.FileInput = "file:///etc/passwd"), /fileInput/],
    ["a role that is no ARN", (job) => (job.Role = "me"), /role/],
  ])("refuses %s", async (_what, spoil, words) => {
    const job = good();
    spoil(job);
    const refused = client.send(new CreateJobCommand(job));
    await expect(refused).rejects.toEqual(bodyError("BadRequestException", 400));
    await expect(refused).rejects.toThrow(words);
    expect(service.jobs()).toEqual([]);
  });

  it("makes one job of a request repeated with its token within a minute, and two after it", async () => {
    const request = { ...good(), ClientRequestToken: "token-1" };
    const first = await client.send(new CreateJobCommand(request));
    clock += 50_000;
    const again = await client.send(new CreateJobCommand(request));
    clock += 20_000;
    const late = await client.send(new CreateJobCommand(request));
    expect(again.Job!.Id).toBe(first.Job!.Id);
    expect(late.Job!.Id).not.toBe(first.Job!.Id);
    await service.idle();
  });

  it("lists jobs by status, newest first, in pages", async () => {
    for (let index = 0; index < 3; index += 1) await client.send(new CreateJobCommand(good()));
    await service.idle();
    const page = await client.send(new ListJobsCommand({ MaxResults: 2, Status: "ERROR" }));
    const rest = await client.send(new ListJobsCommand({ MaxResults: 2, Status: "ERROR", NextToken: page.NextToken! }));
    expect([page.Jobs!.length, rest.Jobs!.length, rest.NextToken]).toEqual([2, 1, undefined]);
    expect(page.Jobs![0]!.CreatedAt!.getTime()).toBeGreaterThan(rest.Jobs![0]!.CreatedAt!.getTime());
    expect((await client.send(new ListJobsCommand({ Status: "COMPLETE" }))).Jobs).toEqual([]);
    await expect(client.send(new GetJobCommand({ Id: "1-none00" }))).rejects.toEqual(
      bodyError("NotFoundException", 404),
    );
  });
});

describe("stopping", () => {
  const long = () =>
    aJob("s3://uploads/film.mp4", [
      cmafGroup("s3://media/v/master", [videoOutput("_360p", 640, 360, 900_000), audioOutput()]),
    ]);

  it("cancels a running job: nothing is stored and no completion follows", async () => {
    await files.write("uploads", "film.mp4", await clip("film.mp4"));
    const { Job } = await client.send(new CreateJobCommand(long()));
    await events.next("INPUT_INFORMATION");
    await client.send(new CancelJobCommand({ Id: Job!.Id! }));
    await service.idle();
    expect((await client.send(new GetJobCommand({ Id: Job!.Id! }))).Job!.Status).toBe("CANCELED");
    expect(events.statuses()).not.toContain("COMPLETE");
    expect(files.puts).toEqual([]);
    await expect(client.send(new CancelJobCommand({ Id: Job!.Id! }))).rejects.toEqual(
      bodyError("ConflictException", 409),
    );
  });

  it("runs a job again from the start when the process died in the middle of it", async () => {
    await files.write("uploads", "film.mp4", await clip("film.mp4"));
    const { Job } = await client.send(new CreateJobCommand(long()));
    await events.next("INPUT_INFORMATION");
    await service.stop();
    const file = join(room.path, "media-convert", "jobs", `${Job!.Id}.json`);
    const left = JSON.parse(await readFile(file, "utf8")) as { job: { status: string } };
    expect(left.job.status).toBe("PROGRESSING");
    const litter = join(room.path, "media-convert", "work", "litter.cmfv");
    await writeFile(litter, "half a segment");

    service = aService();
    await service.start();
    await service.idle();
    expect(service.jobs()[0]).toMatchObject({ Id: Job!.Id, Status: "COMPLETE" });
    expect(await readdir(join(room.path, "media-convert", "work"))).toEqual([]);
    expect(await files.text("media", "v/master.m3u8")).toContain("master_360p.m3u8");
  });
});

describe("probing", () => {
  it("describes container, tracks and object", async () => {
    await files.write("uploads", "phone.mp4", await clip("phone.mp4"));
    const { ProbeResults } = await client.send(
      new ProbeCommand({ InputFiles: [{ FileUrl: "s3://uploads/phone.mp4" }] }),
    );
    const [result] = ProbeResults!;
    expect(result).toMatchObject({
      Container: {
        Format: "mp4",
        Tracks: [
          {
            Index: 1,
            TrackType: "video",
            Codec: "AVC",
            VideoProperties: { Width: 320, Height: 180, Rotation: 90, FrameRate: { Numerator: 30, Denominator: 1 } },
          },
          { Index: 2, TrackType: "audio", Codec: "AAC", AudioProperties: { Channels: 2, SampleRate: 48_000 } },
        ],
      },
      Metadata: { FileSize: (await clip("phone.mp4")).length, MimeType: "video/mp4", LastModified: expect.any(Date) },
      TrackMappings: [{ VideoTrackIndexes: [1], AudioTrackIndexes: [2], DataTrackIndexes: [] }],
    });
    expect(result!.Container!.Duration).toBeCloseTo(2, 0);
  });

  it("refuses what is no media and what is not there", async () => {
    await files.write("uploads", "text.mp4", "hello\n".repeat(50));
    const probe = (FileUrl: string) => client.send(new ProbeCommand({ InputFiles: [{ FileUrl }] }));
    await expect(probe("s3://uploads/text.mp4")).rejects.toEqual(bodyError("UnprocessableEntityException", 422));
    await expect(probe("s3://uploads/none.mp4")).rejects.toEqual(bodyError("NotFoundException", 404));
    await expect(probe("https://example.com/x.mp4")).rejects.toEqual(bodyError("BadRequestException", 400));
  });
});
