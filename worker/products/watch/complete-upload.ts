import type { Ctx } from "../../context.ts";
import { AppError, errorOfCode, houseErrors } from "../../kernel/errors.ts";
import { addMs } from "../../kernel/time.ts";
import { checkSource, type Verdict } from "./check-source.ts";
import { watchErrors } from "./errors.ts";
import { watchEvents } from "./events.ts";
import { mediaPrefixOf } from "./media-layout.ts";
import type { UploadRef } from "./schemas.ts";
import { CHECK_LEASE_MS, uploadPrefixOf } from "./upload-parts.ts";
import { presentUpload } from "./upload-presenter.ts";
import * as store from "./uploads.store.ts";
import type { UploadView } from "./views.ts";

type Held = store.UploadRow & { lease: Date };

/**
 * Says that all parts are sent. The file is joined, looked at, and accepted, which starts its conversion; or it is refused for good, deleted,
 * and the refusal thrown, now and whenever asked again. Of two callers at once one checks; the other is told `checking`. A checker that dies
 * leaves a lease: after a minute the next call takes over where it stopped.
 * Throws `watch.upload_not_found`; `watch.upload_incomplete` and `watch.upload_part_wrong`, after which more may be sent; and the refusals
 * `watch.upload_size_differs`, `watch.upload_not_video`, `watch.upload_unreadable`, `watch.upload_no_picture`.
 */
export async function completeUpload(ctx: Ctx, { uploadId }: UploadRef): Promise<UploadView> {
  const creator = ctx.authorize("watch:upload");
  const upload = await ctx.read((db) => store.findOwn(db, creator.userId, uploadId));
  if (!upload || upload.state === "canceled") throw watchErrors.uploadNotFound();
  if (upload.state === "accepted") return presentUpload(upload);
  if (upload.state === "refused") throw refusalOf(upload.refusal);
  const held = await claim(ctx, upload);
  if (!held) return presentUpload({ ...upload, state: "checking" });

  let verdict: Verdict;
  try {
    verdict = await checkSource(ctx, held);
  } catch (error) {
    // Somebody else's service failed: whoever asks next goes on at once.
    await release(ctx, held, { state: "checking" });
    throw error;
  }
  return conclude(ctx, held, verdict);
}

/** Becomes the one checker; null when there is another. */
async function claim(ctx: Ctx, upload: store.UploadRow): Promise<Held | null> {
  const now = ctx.now();
  const lease = addMs(now, CHECK_LEASE_MS);
  if (upload.state === "checking" && upload.checkingUntil && upload.checkingUntil > now) return null;
  try {
    await ctx.write((w) => [
      w.guard(store.claimCheck(w.db, { id: upload.id, lease, now }), houseErrors.conflict),
      w.record("watch.upload.check", { target: upload.id }),
    ]);
    return { ...upload, state: "checking", lease };
  } catch (error) {
    if (AppError.is(error) && error.code === houseErrors.conflict.code) return null;
    throw error;
  }
}

async function conclude(ctx: Ctx, upload: Held, verdict: Verdict): Promise<UploadView> {
  switch (verdict.is) {
    case "film":
      return accept(ctx, upload, verdict.probe);
    case "unfinished":
      await release(ctx, upload, { state: "receiving" });
      throw watchErrors[verdict.because]({ facts: verdict.facts });
    case "refused":
      await refuse(ctx, upload, watchErrors[verdict.because].code);
      throw watchErrors[verdict.because]();
    case "gone":
      await forget(ctx, upload);
      throw watchErrors.uploadNotFound();
  }
}

async function release(ctx: Ctx, upload: Held, end: store.CheckEnd): Promise<void> {
  await ctx.write((w) => [
    store.endCheck(w.db, { ...upload, now: ctx.now() }, end),
    w.record("watch.upload.release", { target: upload.id, changes: { state: end.state } }),
  ]);
}

async function accept(ctx: Ctx, upload: Held, probe: Extract<Verdict, { is: "film" }>["probe"]): Promise<UploadView> {
  const { videoId } = upload;
  const { durationMs, audio } = probe;
  const { width, height } = probe.video;
  const now = ctx.now();
  const version = 1;
  try {
    await ctx.write((w) => [
      w.guard(store.endCheck(w.db, { ...upload, now }, { state: "accepted" }), houseErrors.conflict),
      w.guard(
        store.moveUploadingVideo(w.db, videoId, { state: "uploaded", durationMs, width, height }, now),
        watchErrors.uploadNotFound,
      ),
      store.insertVersion(w.db, {
        videoId,
        version,
        durationMs,
        width,
        height,
        sourceKey: upload.objectKey,
        sourceBytes: upload.sizeBytes,
        mediaPrefix: mediaPrefixOf(videoId, version),
        hasAudio: audio !== null,
        createdAt: now,
      }),
      store.insertJob(w.db, {
        id: ctx.newId("job"),
        videoId,
        version,
        state: "queued",
        createdAt: now,
        updatedAt: now,
      }),
      w.record("watch.upload.accept", { target: upload.id, changes: { videoId, durationMs, width, height } }),
      w.emit({ type: watchEvents.sourceAccepted, id: videoId }),
    ]);
  } catch (error) {
    // The video was deleted while its file was being looked at.
    if (AppError.is(error) && error.code === watchErrors.uploadNotFound.code) await forget(ctx, upload);
    throw error;
  }
  return presentUpload({ ...upload, state: "accepted" });
}

async function refuse(ctx: Ctx, upload: Held, refusal: string): Promise<void> {
  const now = ctx.now();
  await ctx.write((w) => [
    w.guard(store.endCheck(w.db, { ...upload, now }, { state: "refused", refusal }), houseErrors.conflict),
    store.moveUploadingVideo(w.db, upload.videoId, { state: "failed", stateReason: refusal }, now),
    w.record("watch.upload.refuse", { target: upload.id, changes: { videoId: upload.videoId, refusal } }),
  ]);
  await ctx.objects.delete("uploads", upload.objectKey);
}

/** Ends an upload of which nothing is left, or nothing is wanted. */
async function forget(ctx: Ctx, upload: Held): Promise<void> {
  const now = ctx.now();
  await ctx.write((w) => [
    store.endCheck(w.db, { ...upload, now }, { state: "canceled" }),
    store.moveUploadingVideo(w.db, upload.videoId, { state: "deleted" }, now),
    w.record("watch.upload.cancel", { target: upload.id, changes: { videoId: upload.videoId } }),
  ]);
  await ctx.objects.deletePrefix("uploads", uploadPrefixOf(upload.id));
}

function refusalOf(code: string | null): AppError {
  return (code && errorOfCode(code)) || watchErrors.uploadClosed();
}
