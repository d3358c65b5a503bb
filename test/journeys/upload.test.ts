import { eq } from "drizzle-orm";
import { describe, expect, it, vi } from "vitest";
import { auditLog, outboxEvents } from "#db/schema/shared.ts";
import { transcodingJobs, uploads, videos, videoVersions } from "#db/schema/watch.ts";
import type { Ctx } from "#worker/context.ts";
import {
  applyTranscoderReport,
  cancelUpload,
  completeUpload,
  getUpload,
  presignParts,
  purgeDeletedVideo,
  startTranscode,
  sweepUploads,
  type UploadView,
} from "#worker/products/watch/index.ts";
import { aCreator, db, start, TestTown } from "./creators.ts";
import { aFilm, aHalvedFilm, aSong, aTornFilm, anUprightFilm } from "./films.ts";

const MIB = 1024 * 1024;
const town = new TestTown();

async function send(
  ctx: Ctx,
  upload: UploadView,
  bytes: Uint8Array<ArrayBuffer>,
  partNumbers: number[],
): Promise<number[]> {
  const { urls } = await presignParts(ctx, { uploadId: upload.id, partNumbers });
  return Promise.all(
    urls.map(async ({ partNumber, url }) => {
      const body = bytes.slice((partNumber - 1) * upload.partBytes, partNumber * upload.partBytes);
      const response = await fetch(url, { method: "PUT", body });
      await response.body?.cancel();
      return response.status;
    }),
  );
}

async function uploaded(ctx: Ctx, bytes: Uint8Array<ArrayBuffer>, fileName?: string): Promise<UploadView> {
  const upload = await start(ctx, bytes, fileName);
  await send(
    ctx,
    upload,
    bytes,
    Array.from({ length: upload.partCount }, (_, index) => index + 1),
  );
  return upload;
}

const videoOf = async ({ videoId }: UploadView) => (await db.select().from(videos).where(eq(videos.id, videoId)))[0]!;
const jobsOf = ({ videoId }: UploadView) =>
  db.select().from(transcodingJobs).where(eq(transcodingJobs.videoId, videoId));
const sourceOf = (upload: UploadView) => town.system.objects.head("uploads", `u/${upload.id}/source`);

describe("an upload", () => {
  it("becomes a video: accepted, converted, and ready, with renditions, seek frames and posters", async () => {
    const ctx = town.ctx(await aCreator());
    const upload = await uploaded(ctx, aFilm());
    expect(await completeUpload(ctx, { uploadId: upload.id })).toMatchObject({ state: "accepted", refusal: null });
    expect(await videoOf(upload)).toMatchObject({ state: "uploaded", title: "夏の旅", width: 128, height: 72 });
    const events = await db.select().from(outboxEvents).where(eq(outboxEvents.subjectId, upload.videoId));
    expect(events.map((event) => event.type)).toEqual(["watch.source_accepted"]);
    const trail = await db.select().from(auditLog).where(eq(auditLog.target, upload.id));
    expect(trail.map((row) => row.action)).toEqual(
      expect.arrayContaining(["watch.upload.start", "watch.upload.check", "watch.upload.accept"]),
    );

    await startTranscode(town.reacting, upload);
    expect(await videoOf(upload)).toMatchObject({ state: "processing" });
    const [job] = await jobsOf(upload);
    const { transcoder } = town.system;
    await vi.waitFor(async () => expect(await transcoder.status(job!.remoteId!)).toMatchObject({ state: "complete" }), {
      timeout: 25_000,
      interval: 200,
    });
    await Promise.allSettled([1, 2, 3].map(() => applyTranscoderReport(town.reacting, { jobId: job!.id })));
    await applyTranscoderReport(town.reacting, { jobId: job!.id });
    expect(await videoOf(upload)).toMatchObject({ state: "ready" });
    expect(await jobsOf(upload)).toMatchObject([{ state: "complete", percent: 100, attempt: 1 }]);
    const [version] = await db.select().from(videoVersions).where(eq(videoVersions.videoId, upload.videoId));
    expect(version).toMatchObject({
      renditions: [{ shortSide: 72, width: 128, height: 72 }],
      storyboard: { intervalS: 5, width: 160, height: 90, count: 1 },
      hasAudio: true,
    });
    expect(version!.posterCount).toBeGreaterThan(0);
    const ready = await db.select().from(outboxEvents).where(eq(outboxEvents.subjectId, upload.videoId));
    expect(ready.filter((event) => event.type === "watch.video_ready")).toHaveLength(1);
  });

  it("of a phone's film is upright", async () => {
    const ctx = town.ctx(await aCreator());
    const upload = await uploaded(ctx, anUprightFilm());
    await completeUpload(ctx, { uploadId: upload.id });
    expect(await videoOf(upload)).toMatchObject({ width: 72, height: 128 });
  });

  it("checked by two at once becomes one job, and both get an answer", async () => {
    const ctx = town.ctx(await aCreator());
    const upload = await uploaded(ctx, aFilm());
    const answers = await Promise.all([1, 2, 3].map(() => completeUpload(ctx, { uploadId: upload.id })));
    expect(answers.map((answer) => answer.state).sort()).toEqual(["accepted", "checking", "checking"]);
    expect(await completeUpload(ctx, { uploadId: upload.id })).toMatchObject({ state: "accepted" });
    expect(await jobsOf(upload)).toHaveLength(1);
  });

  it("goes on after a checker died in the middle", async () => {
    const ctx = town.ctx(await aCreator());
    const upload = await uploaded(ctx, aFilm());
    const parts = (await ctx.objects.listParts("uploads", `u/${upload.id}/source`, await remoteIdOf(upload)))!;
    await ctx.objects.completeMultipart("uploads", `u/${upload.id}/source`, await remoteIdOf(upload), parts);
    const dead = { state: "checking" as const, checkingUntil: new Date(Date.now() - 1) };
    await db.update(uploads).set(dead).where(eq(uploads.id, upload.id));
    expect(await completeUpload(ctx, { uploadId: upload.id })).toMatchObject({ state: "accepted" });
    expect(await jobsOf(upload)).toHaveLength(1);
  });

  it("resumes with what has arrived, and is not complete before the rest has", async () => {
    const ctx = town.ctx(await aCreator());
    const bytes = new Uint8Array(17 * MIB);
    bytes.set(aFilm());
    const upload = await start(ctx, bytes);
    expect(upload).toMatchObject({ partCount: 3, partBytes: 8 * MIB, resumed: false });
    expect(await send(ctx, upload, bytes, [1, 3])).toEqual([200, 200]);

    const again = await start(ctx, bytes);
    expect(again).toMatchObject({ id: upload.id, resumed: true });
    expect(again.received).toEqual([
      { partNumber: 1, size: 8 * MIB },
      { partNumber: 3, size: MIB },
    ]);
    await expect(completeUpload(ctx, { uploadId: upload.id })).rejects.toMatchObject({
      code: "watch.upload_incomplete",
      facts: { missing: 1, first: 2 },
    });
    expect(await getUpload(ctx, { uploadId: upload.id })).toMatchObject({ state: "receiving" });
    await send(ctx, upload, bytes, [2]);
    expect(await completeUpload(ctx, { uploadId: upload.id })).toMatchObject({ state: "accepted" });
  }, 60_000);

  it("started in two tabs at once is one upload", async () => {
    const ctx = town.ctx(await aCreator());
    const both = await Promise.all([start(ctx, aFilm()), start(ctx, aFilm())]);
    expect(new Set(both.map((upload) => upload.id)).size).toBe(1);
    expect(both.map((upload) => upload.resumed).sort()).toEqual([false, true]);
  });

  it("takes each part in exactly its size, and only parts that the file has", async () => {
    const ctx = town.ctx(await aCreator());
    const upload = await start(ctx, aFilm());
    const { urls } = await presignParts(ctx, { uploadId: upload.id, partNumbers: [1] });
    const response = await fetch(urls[0]!.url, { method: "PUT", body: new Uint8Array(aFilm().length + 1) });
    await response.body?.cancel();
    expect(response.status).toBe(403);
    await expect(presignParts(ctx, { uploadId: upload.id, partNumbers: [2] })).rejects.toMatchObject({
      code: "watch.upload_part_wrong",
    });
  });

  it.each([
    [
      "text under a film's name",
      () => new TextEncoder().encode("this is no film".repeat(50)),
      "watch.upload_not_video",
    ],
    ["a page", () => new TextEncoder().encode("<!DOCTYPE html><script>alert(1)</script>"), "watch.upload_not_video"],
    ["a playlist", () => new TextEncoder().encode("#EXTM3U\nhttp://127.0.0.1/\n"), "watch.upload_not_video"],
    ["a film torn off", aTornFilm, "watch.upload_unreadable"],
    ["half a film", aHalvedFilm, "watch.upload_unreadable"],
    ["a song", aSong, "watch.upload_no_picture"],
  ])("of %s is refused for good, and nothing of it is kept", async (_what, bytes, code) => {
    const ctx = town.ctx(await aCreator());
    const upload = await uploaded(ctx, bytes());
    await expect(completeUpload(ctx, { uploadId: upload.id })).rejects.toMatchObject({ code, kind: "invalid" });
    await expect(completeUpload(ctx, { uploadId: upload.id })).rejects.toMatchObject({ code });
    expect(await getUpload(ctx, { uploadId: upload.id })).toMatchObject({ state: "refused", refusal: code });
    expect(await videoOf(upload)).toMatchObject({ state: "failed", stateReason: code });
    expect(await sourceOf(upload)).toBeNull();
    expect(await jobsOf(upload)).toEqual([]);
  });

  it("is refused at once when it is empty, too large, or without a channel", async () => {
    const ctx = town.ctx(await aCreator());
    await expect(start(ctx, new Uint8Array())).rejects.toMatchObject({ code: "watch.upload_empty" });
    const large = { length: ctx.settings.uploadBytesMax + 1 } as Uint8Array;
    await expect(start(ctx, large)).rejects.toMatchObject({ code: "watch.upload_too_large" });
    const homeless = town.ctx(await aCreator({ channel: false }));
    await expect(start(homeless, aFilm())).rejects.toMatchObject({ code: "watch.channel_missing" });
  });

  it("does not exist for anybody else", async () => {
    const upload = await uploaded(town.ctx(await aCreator()), aFilm());
    const stranger = town.ctx(await aCreator());
    const missing = { code: "watch.upload_not_found" };
    const ref = { uploadId: upload.id };
    await expect(getUpload(stranger, ref)).rejects.toMatchObject(missing);
    await expect(presignParts(stranger, { ...ref, partNumbers: [1] })).rejects.toMatchObject(missing);
    await expect(completeUpload(stranger, ref)).rejects.toMatchObject(missing);
    await expect(cancelUpload(stranger, ref)).rejects.toMatchObject(missing);
    expect((await start(stranger, aFilm())).id).not.toBe(upload.id);
  });

  it("that is canceled takes its URLs and its video with it, once", async () => {
    const ctx = town.ctx(await aCreator());
    const upload = await start(ctx, aFilm());
    const { urls } = await presignParts(ctx, { uploadId: upload.id, partNumbers: [1] });
    await cancelUpload(ctx, { uploadId: upload.id });
    await cancelUpload(ctx, { uploadId: upload.id });
    const response = await fetch(urls[0]!.url, { method: "PUT", body: aFilm() });
    await response.body?.cancel();
    expect(response.status).toBe(404);
    expect(await videoOf(upload)).toMatchObject({ state: "deleted" });
    await expect(completeUpload(ctx, { uploadId: upload.id })).rejects.toMatchObject({
      code: "watch.upload_not_found",
    });
    expect(await start(ctx, aFilm())).toMatchObject({ resumed: false });
  });

  it("left alone for a week is swept away, a younger one is not", async () => {
    const own = new TestTown();
    const ctx = own.ctx(await aCreator());
    const old = await start(ctx, aFilm(), "old.mp4");
    own.aheadMs = 2 * 86_400_000;
    const young = await start(ctx, aFilm(), "young.mp4");
    own.aheadMs = 8 * 86_400_000;
    await sweepUploads(own.system);
    await sweepUploads(own.system);
    const states = await db.select({ id: uploads.id, state: uploads.state }).from(uploads);
    expect(states.find((row) => row.id === old.id)?.state).toBe("canceled");
    expect(states.find((row) => row.id === young.id)?.state).toBe("receiving");
    expect(await videoOf(old)).toMatchObject({ state: "deleted" });
  });

  it("of a deleted video is purged, and late news of its conversion are ignored", async () => {
    const ctx = town.ctx(await aCreator());
    const upload = await uploaded(ctx, aFilm());
    await completeUpload(ctx, { uploadId: upload.id });
    await startTranscode(town.reacting, upload);
    await db.update(videos).set({ state: "deleted" }).where(eq(videos.id, upload.videoId));
    await purgeDeletedVideo(town.reacting, upload);
    await purgeDeletedVideo(town.reacting, upload);
    const [job] = await jobsOf(upload);
    expect(job).toMatchObject({ state: "canceled" });
    await applyTranscoderReport(town.reacting, { jobId: job!.id });
    expect(await videoOf(upload)).toMatchObject({ state: "deleted" });
    expect(await sourceOf(upload)).toBeNull();
  });
});

async function remoteIdOf({ id }: UploadView): Promise<string> {
  return (await db.select({ remoteId: uploads.remoteId }).from(uploads).where(eq(uploads.id, id)))[0]!.remoteId;
}
