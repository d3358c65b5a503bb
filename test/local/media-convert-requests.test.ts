import {
  CreateJobCommand,
  type CreateJobCommandInput,
  GetJobCommand,
  ListJobsCommand,
  ProbeCommand,
} from "@aws-sdk/client-mediaconvert";
import { describe, expect, it } from "vitest";
import { anAwsError, useMediaConvertRoom } from "./media-convert-room.ts";
import { aJob, audioOutput, cmafGroup, videoOutput } from "./media-jobs.ts";

const room = useMediaConvertRoom();

describe("requests", () => {
  const good = () =>
    aJob("s3://uploads/film.mp4", [cmafGroup("s3://media/v/master", [videoOutput("_90p", 160, 90, 200_000)])]);
  const post = (path: string, body: unknown) =>
    fetch(`${room.current.url}/2017-08-29${path}`, { method: "POST", body: JSON.stringify(body) });

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
    const refused = room.current.client.send(new CreateJobCommand(job));
    await expect(refused).rejects.toEqual(anAwsError("BadRequestException", 400));
    await expect(refused).rejects.toThrow(words);
    expect(room.current.service.jobs()).toEqual([]);
  });

  it("makes one job of a request repeated with its token within a minute, and two after it", async () => {
    const request = { ...good(), ClientRequestToken: "token-1" };
    const first = await room.current.client.send(new CreateJobCommand(request));
    room.current.clock += 50_000;
    const again = await room.current.client.send(new CreateJobCommand(request));
    room.current.clock += 20_000;
    const late = await room.current.client.send(new CreateJobCommand(request));
    expect(again.Job!.Id).toBe(first.Job!.Id);
    expect(late.Job!.Id).not.toBe(first.Job!.Id);
    await room.current.service.idle();
  });

  it("lists jobs by status, newest first, in pages", async () => {
    for (let index = 0; index < 3; index += 1) await room.current.client.send(new CreateJobCommand(good()));
    await room.current.service.idle();
    const page = await room.current.client.send(new ListJobsCommand({ MaxResults: 2, Status: "ERROR" }));
    const rest = await room.current.client.send(
      new ListJobsCommand({ MaxResults: 2, Status: "ERROR", NextToken: page.NextToken! }),
    );
    expect([page.Jobs!.length, rest.Jobs!.length, rest.NextToken]).toEqual([2, 1, undefined]);
    expect(page.Jobs![0]!.CreatedAt!.getTime()).toBeGreaterThan(rest.Jobs![0]!.CreatedAt!.getTime());
    expect((await room.current.client.send(new ListJobsCommand({ Status: "COMPLETE" }))).Jobs).toEqual([]);
    await expect(room.current.client.send(new GetJobCommand({ Id: "1-none00" }))).rejects.toEqual(
      anAwsError("NotFoundException", 404),
    );
  });
});

describe("probing", () => {
  it("describes container, tracks and object", async () => {
    await room.current.files.write("uploads", "phone.mp4", await room.clip("phone.mp4"));
    const { ProbeResults } = await room.current.client.send(
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
      Metadata: {
        FileSize: (await room.clip("phone.mp4")).length,
        MimeType: "video/mp4",
        LastModified: expect.any(Date),
      },
      TrackMappings: [{ VideoTrackIndexes: [1], AudioTrackIndexes: [2], DataTrackIndexes: [] }],
    });
    expect(result!.Container!.Duration).toBeCloseTo(2, 0);
  });

  it("refuses what is no media and what is not there", async () => {
    await room.current.files.write("uploads", "text.mp4", "hello\n".repeat(50));
    const probe = (FileUrl: string) => room.current.client.send(new ProbeCommand({ InputFiles: [{ FileUrl }] }));
    await expect(probe("s3://uploads/text.mp4")).rejects.toEqual(anAwsError("UnprocessableEntityException", 422));
    await expect(probe("s3://uploads/none.mp4")).rejects.toEqual(anAwsError("NotFoundException", 404));
    await expect(probe("https://example.com/x.mp4")).rejects.toEqual(anAwsError("BadRequestException", 400));
  });
});
