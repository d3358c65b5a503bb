import { env } from "cloudflare:workers";
import { and, eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { auditLog, outboxEvents, providerEvents } from "#db/schema/shared.ts";
import { transcodingJobs, videos, videoVersions } from "#db/schema/watch.ts";
import { makeMemoryObjects } from "#worker/adapters/objects/memory.ts";
import { makeMemoryTranscoder } from "#worker/adapters/transcoder/memory.ts";
import type { UserActor } from "#worker/context.ts";
import type { Env } from "#worker/env.ts";
import { makeApp } from "#worker/http/app.ts";
import type { Id } from "#worker/kernel/ids.ts";
import {
  applyTranscoderReport,
  completeUpload,
  presignParts,
  reconcileTranscodes,
  retryTranscode,
  startTranscode,
} from "#worker/products/watch/index.ts";
import { aCreator, db, start, TestTown } from "./creators.ts";
import { aFilm } from "./films.ts";

const PROBE = {
  container: "mp4",
  durationMs: 60_000,
  video: { codec: "AVC", width: 1280, height: 720, framesPerSecond: 30 },
  audio: { codec: "AAC" },
};
const PLAYLIST = "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1,RESOLUTION=640x360\nmain_360p.m3u8\n";
const ERROR = { state: "error", errorCode: 1401, message: "an AWS internal" } as const;

/** A town whose cloud the test leads, and a video in it that waits for its conversion. */
async function aWaitingVideo() {
  const objects = makeMemoryObjects();
  const transcoder = makeMemoryTranscoder();
  const town = new TestTown({ objects, transcoder });
  const owner: UserActor = await aCreator();
  const ctx = town.ctx(owner);
  const upload = await start(ctx, aFilm());
  const { urls } = await presignParts(ctx, { uploadId: upload.id, partNumbers: [1] });
  objects.sendPart(urls[0]!.url, aFilm());
  transcoder.knows(`s3://uploads/u/${upload.id}/source`, PROBE);
  await completeUpload(ctx, { uploadId: upload.id });
  const { videoId } = upload;
  const job = async () => (await db.select().from(transcodingJobs).where(eq(transcodingJobs.videoId, videoId)))[0]!;
  const video = async () => (await db.select().from(videos).where(eq(videos.id, videoId)))[0]!;
  const events = async (type: string) =>
    db
      .select()
      .from(outboxEvents)
      .where(and(eq(outboxEvents.subjectId, videoId), eq(outboxEvents.type, type)));
  const makeOutputs = (frames = 12, posters = 3) => {
    const prefix = `v/${videoId}/1/`;
    const still = (name: string, index: number) => `${prefix}${name}.${String(index).padStart(7, "0")}.jpg`;
    objects.put("media", `${prefix}main.m3u8`, new TextEncoder().encode(PLAYLIST));
    for (let index = 0; index < frames; index++) objects.put("media", still("storyboard", index), new Uint8Array(1));
    for (let index = 0; index < posters; index++) objects.put("media", still("poster", index), new Uint8Array(1));
  };
  const report = async () => applyTranscoderReport(town.reacting, { jobId: (await job()).id });
  return { town, ctx, objects, transcoder, videoId, job, video, events, makeOutputs, report };
}

describe("a conversion", () => {
  it("is ordered once, however often it is asked for", async () => {
    const { town, transcoder, videoId, job, video } = await aWaitingVideo();
    await startTranscode(town.reacting, { videoId });
    await startTranscode(town.reacting, { videoId });
    expect(transcoder.orders).toHaveLength(1);
    expect(transcoder.orders[0]).toMatchObject({ reference: `${(await job()).id}.1`, audio: true, segmentS: 4 });
    expect(await job()).toMatchObject({ state: "submitted", remoteId: transcoder.orders[0]!.remoteId });
    expect(await video()).toMatchObject({ state: "processing" });
  });

  it("ordered twice in the same moment goes on with one order and cancels the other", async () => {
    const { town, transcoder, videoId, job } = await aWaitingVideo();
    await Promise.all([1, 2].map(() => startTranscode(town.reacting, { videoId })));
    const { remoteId } = await job();
    for (const order of transcoder.orders)
      expect(await transcoder.status(order.remoteId)).toMatchObject({
        state: order.remoteId === remoteId ? "submitted" : "canceled",
      });
  });

  it("whose order was lost on the way is found again, even when the service has forgotten that it was asked", async () => {
    const { town, transcoder, videoId, job } = await aWaitingVideo();
    transcoder.loseNextAnswer();
    await expect(startTranscode(town.reacting, { videoId })).rejects.toMatchObject({ code: "transcoder.unavailable" });
    expect(await job()).toMatchObject({ state: "queued", remoteId: null });
    town.aheadMs = 2 * 60_000;
    await startTranscode(town.reacting, { videoId });
    expect(transcoder.orders).toHaveLength(1);
    expect(await job()).toMatchObject({ state: "submitted", remoteId: transcoder.orders[0]!.remoteId });
  });

  it("makes the video ready with what lies in the store, and publishes it when its creator asked so", async () => {
    const { town, transcoder, objects, videoId, video, events, makeOutputs, report } = await aWaitingVideo();
    await db.update(videos).set({ publishWhenReady: true, visibility: "public" }).where(eq(videos.id, videoId));
    await startTranscode(town.reacting, { videoId });
    makeOutputs(11);
    transcoder.report(transcoder.orders[0]!.remoteId, { state: "complete", percent: 100, durationMs: 58_000 });
    await report();
    const { state, posterKey, publishedAt } = await video();
    expect(state).toBe("published");
    expect(publishedAt).not.toBeNull();
    expect(objects.keys("media")).toContain(posterKey);
    expect(posterKey).toMatch(new RegExp(`^i/${videoId}/1-1-[\\w-]+\\.jpg$`));
    const [version] = await db.select().from(videoVersions).where(eq(videoVersions.videoId, videoId));
    expect(version).toMatchObject({
      renditions: [{ shortSide: 360, width: 640, height: 360 }],
      storyboard: { count: 11 },
      posterCount: 3,
    });
    await report();
    expect(await events("watch.video_ready")).toHaveLength(1);
    expect(await events("watch.video_published")).toHaveLength(1);
  });

  it("that says complete without a playlist is tried again", async () => {
    const { town, transcoder, videoId, job, video, report } = await aWaitingVideo();
    await startTranscode(town.reacting, { videoId });
    transcoder.report(transcoder.orders[0]!.remoteId, { state: "complete", percent: 100, durationMs: 60_000 });
    await report();
    expect(await job()).toMatchObject({ state: "queued", attempt: 2, remoteId: null });
    expect(await video()).toMatchObject({ state: "processing" });
  });

  it("fails after three tries with words for the creator, who may try again", async () => {
    const { town, ctx, transcoder, videoId, job, video, events, report } = await aWaitingVideo();
    await expect(retryTranscode(ctx, { videoId })).rejects.toMatchObject({ code: "watch.not_retryable" });
    for (const attempt of [0, 1, 2]) {
      await startTranscode(town.reacting, { videoId });
      transcoder.report(transcoder.orders[attempt]!.remoteId, ERROR);
      await report();
    }
    expect(await job()).toMatchObject({ state: "failed", attempt: 3, errorCode: 1401, errorMessage: ERROR.message });
    expect(await video()).toMatchObject({ state: "failed", stateReason: "watch.transcode_failed" });
    expect(await events("watch.transcode_failed")).toHaveLength(1);

    await expect(retryTranscode(town.ctx(await aCreator()), { videoId })).rejects.toMatchObject({
      code: "watch.video_not_found",
    });
    expect(await retryTranscode(ctx, { videoId })).toMatchObject({ state: "uploaded", stateReason: null });
    await expect(retryTranscode(ctx, { videoId })).rejects.toMatchObject({ code: "watch.not_retryable" });
    expect(await job()).toMatchObject({ state: "queued", attempt: 4, remoteId: null });
    await startTranscode(town.reacting, { videoId });
    expect(transcoder.orders.map((order) => order.reference.split(".")[1])).toEqual(["1", "2", "3", "4"]);
    // News of an attempt given up change nothing.
    transcoder.report(transcoder.orders[0]!.remoteId, { state: "complete", percent: 100, durationMs: null });
    await report();
    expect(await job()).toMatchObject({ state: "submitted", remoteId: transcoder.orders[3]!.remoteId });
  });

  it("that nobody has heard of is looked after: ordered, asked about, or tried again", async () => {
    const quiet = await aWaitingVideo();
    const { town, transcoder, videoId, job, events } = quiet;
    await reconcileTranscodes(town.system);
    expect(await events("watch.transcode_requested")).toHaveLength(0);
    town.aheadMs = 2 * 60_000;
    await settleOthers(videoId);
    await reconcileTranscodes(town.system);
    expect(await events("watch.transcode_requested")).toHaveLength(1);

    await startTranscode(town.reacting, { videoId });
    town.aheadMs = 4 * 60_000;
    transcoder.report(transcoder.orders[0]!.remoteId, { state: "progressing", percent: 40 });
    await reconcileTranscodes(town.system);
    expect(await job()).toMatchObject({ state: "progressing", percent: 40 });

    await db
      .update(transcodingJobs)
      .set({ remoteId: `unknown-${videoId}` })
      .where(eq(transcodingJobs.videoId, videoId));
    town.aheadMs = 6 * 60_000;
    await reconcileTranscodes(town.system);
    expect(await job()).toMatchObject({ state: "queued", attempt: 2, remoteId: null });
  });
});

/** Other tests' videos are none of this town's business. */
async function settleOthers(videoId: Id<"video">): Promise<void> {
  for (const other of await db
    .select({ id: transcodingJobs.id, videoId: transcodingJobs.videoId })
    .from(transcodingJobs))
    if (other.videoId !== videoId)
      await db.update(transcodingJobs).set({ state: "canceled" }).where(eq(transcodingJobs.id, other.id));
}

describe("the door of AWS's events", () => {
  // Events stay in the outbox: nobody but the test acts on them.
  const quiet = { ...env, EVENTS: { sendBatch: () => Promise.resolve() } } as unknown as Env;
  const app = makeApp(() => Promise.resolve(new Response()));
  const { AWS_EVENTS_KEY } = env as unknown as { AWS_EVENTS_KEY: string };
  const knock = async (event: unknown, key = AWS_EVENTS_KEY): Promise<number> => {
    const request = new Request("https://town.test/hooks/aws/events", {
      method: "POST",
      headers: { "content-type": "application/json", "x-hiroba-events-key": key },
      body: JSON.stringify(event),
    });
    const later: Promise<unknown>[] = [];
    const waiting = { waitUntil: (work: Promise<unknown>) => void later.push(work), passThroughOnException: () => {} };
    const response = await app.fetch(request, quiet, waiting as unknown as ExecutionContext);
    await Promise.all(later);
    await response.body?.cancel();
    return response.status;
  };
  const eventOf = (id: string, reference: string, status = "COMPLETE") => ({
    version: "0",
    id,
    source: "aws.mediaconvert",
    "detail-type": "MediaConvert Job State Change",
    detail: { status, jobId: "1-x", userMetadata: { reference } },
  });
  const noted = (eventId: string) => db.$count(providerEvents, eq(providerEvents.eventId, eventId));

  it("takes each event once and announces it", async () => {
    const { job, videoId } = await aWaitingVideo();
    const { id } = await job();
    const event = eventOf(crypto.randomUUID(), `${id}.1`);
    expect(await Promise.all([knock(event), knock(event), knock(event)])).toEqual([202, 202, 202]);
    expect(await noted(event.id)).toBe(1);
    expect(await db.$count(outboxEvents, eq(outboxEvents.subjectId, id))).toBe(1);
    const trail = await db.select().from(auditLog).where(eq(auditLog.target, videoId));
    expect(trail.filter((row) => row.action === "watch.transcode.report")).toHaveLength(1);
  });

  it("is closed to whoever has no key", async () => {
    const { job } = await aWaitingVideo();
    const event = eventOf(crypto.randomUUID(), `${(await job()).id}.1`);
    for (const wrong of ["", "x", `${AWS_EVENTS_KEY}x`, AWS_EVENTS_KEY.slice(1)])
      expect(await knock(event, wrong)).toBe(403);
    expect(await noted(event.id)).toBe(0);
  });

  it("takes and forgets what is not about a job of ours, and refuses what is no event", async () => {
    for (const reference of ["", "job_nonsense", "job_0000000000000000000000000a.1"]) {
      const event = eventOf(crypto.randomUUID(), reference);
      expect(await knock(event)).toBe(202);
      expect(await noted(event.id)).toBe(0);
    }
    expect(await knock({ hello: "world" })).toBe(400);
  });
});
