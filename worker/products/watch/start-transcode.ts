import type { Ctx } from "../../context.ts";
import { AppError, houseErrors } from "../../kernel/errors.ts";
import { SECOND_MS } from "../../kernel/time.ts";
import type { TranscodeOrder } from "../../ports/transcoder.ts";
import { followFailure } from "./conversion-outcome.ts";
import { ladderOf, postersOf, SEGMENT_S, storyboardOf } from "./ladder.ts";
import { referenceOf } from "./media-machine.ts";
import type { VideoRef } from "./schemas.ts";
import * as store from "./transcoding.store.ts";

/** The service takes the same order twice within a minute for one order; after less than that we ask whether it has it before ordering again. */
const ORDER_MEMORY_MS = 45 * SECOND_MS;

/**
 * Orders the conversion of a video's current version, once per attempt. When the answer to an order was lost, the job is found again by its
 * reference. An order that the service refuses counts as a failed attempt. Does nothing when nothing waits to be ordered.
 */
export async function startTranscode(ctx: Ctx, { videoId }: VideoRef): Promise<void> {
  ctx.authorize("watch:transcode");
  const job = await ctx.read((db) => store.findCurrentJob(db, videoId));
  if (!job || job.state !== "queued" || job.videoState === "deleted") return;

  const placed = await place(ctx, job);
  if ("refused" in placed) {
    const consequence = followFailure(ctx, job, placed.refused);
    if (consequence) await ctx.write(consequence);
    return;
  }
  const now = ctx.now();
  const { remoteId, order } = placed;
  try {
    await ctx.write((w) => [
      w.guard(store.moveJob(w.db, job, { state: "submitted", remoteId, percent: 0 }, now), houseErrors.conflict),
      w.guard(store.moveVideo(w.db, job, { state: "processing" }, now), houseErrors.conflict),
      store.describeVersion(w.db, job, { storyboard: order.storyboard, posterCount: order.posters.count }),
      w.record("watch.transcode.start", {
        target: videoId,
        scope: job.ownerId,
        changes: { jobId: job.id, attempt: job.attempt },
      }),
    ]);
  } catch (error) {
    if (!AppError.is(error) || error.code !== houseErrors.conflict.code) throw error;
    // Somebody was faster. Unless it was with this very job, nobody waits for what was ordered here.
    const present = await ctx.read((db) => store.findJob(db, job.id));
    if (present?.remoteId !== remoteId) await ctx.transcoder.cancel(remoteId);
  }
}

type Placed = { remoteId: string; order: TranscodeOrder } | { refused: string };

async function place(ctx: Ctx, job: store.JobRow): Promise<Placed> {
  const source = ctx.objects.address("uploads", job.sourceKey);
  const probe = await ctx.transcoder.probe(source);
  if (!probe?.video) return { refused: "the source cannot be read" };
  const film = { ...probe.video, durationMs: probe.durationMs };
  const order: TranscodeOrder = {
    reference: referenceOf(job.id, job.attempt),
    source,
    destination: ctx.objects.address("media", job.mediaPrefix),
    renditions: ladderOf(film),
    audio: probe.audio !== null,
    segmentS: SEGMENT_S,
    storyboard: storyboardOf(film),
    posters: postersOf(film),
  };
  const inDoubt = ctx.now().getTime() - job.updatedAt.getTime() > ORDER_MEMORY_MS;
  const known = inDoubt ? await ctx.transcoder.findByReference(order.reference) : null;
  if (known) return { ...known, order };
  try {
    return { ...(await ctx.transcoder.submit(order)), order };
  } catch (error) {
    if (AppError.is(error)) throw error;
    return { refused: String(error) };
  }
}
