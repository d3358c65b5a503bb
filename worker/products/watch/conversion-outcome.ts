import type { Statement, WriteSet } from "#db/write-set.ts";
import type { Storyboard } from "#db/schema/watch.ts";
import type { Ctx } from "../../context.ts";
import { houseErrors } from "../../kernel/errors.ts";
import type { TranscodeStatus } from "../../ports/transcoder.ts";
import { watchErrors } from "./errors.ts";
import { watchEvents } from "./events.ts";
import { POSTER_COUNT, stillsIn, STORYBOARD_FRAMES_MAX, variantsOf } from "./ladder.ts";
import { capturedPoster, MASTER_PLAYLIST, storyboardFrames } from "./media-layout.ts";
import { applyStatus, failAttempt, type JobCourse, type Outcome } from "./media-machine.ts";
import { preparePoster, publishStatements } from "./publishing.ts";
import * as store from "./transcoding.store.ts";

/** The statements that follow from what became of a job; null when nothing does. */
export type Consequence = ((w: WriteSet) => Statement[]) | null;

const courseOf = ({ state, attempt, remoteId, percent }: store.JobRow): JobCourse => ({
  state,
  attempt,
  remoteId,
  percent,
});

/**
 * What follows from the present truth about a job. Whatever has to be outside before the write-set (the public poster) is done here, and may
 * be done twice. A job that is said to be complete without a playlist has failed.
 */
export async function followStatus(ctx: Ctx, job: store.JobRow, status: TranscodeStatus): Promise<Consequence> {
  if (job.videoState === "deleted" || job.remoteId === null) return null;
  const { job: next, outcome } = applyStatus(courseOf(job), { remoteId: job.remoteId, status });
  if (outcome === "unchanged") return null;
  if (outcome !== "complete") return step(ctx, job, next, outcome, status);
  const made = await whatWasMade(ctx, job, status.state === "complete" ? status.durationMs : null);
  return made ? completion(ctx, job, next, made) : followFailure(ctx, job, "complete, but without a playlist");
}

/** What follows when the present attempt came to nothing. The reason is for operators. */
export function followFailure(ctx: Ctx, job: store.JobRow, message: string): Consequence {
  if (job.videoState === "deleted") return null;
  const { job: next, outcome } = failAttempt(courseOf(job));
  return step(ctx, job, next, outcome, { state: "error", errorCode: 0, message });
}

function step(
  ctx: Ctx,
  job: store.JobRow,
  next: JobCourse,
  outcome: Exclude<Outcome, "unchanged" | "complete">,
  status: TranscodeStatus,
): Consequence {
  const now = ctx.now();
  const error =
    status.state === "error"
      ? { errorCode: status.errorCode, errorMessage: status.message.slice(0, 2_000) }
      : { errorCode: null, errorMessage: null };
  const move = (w: WriteSet) => w.guard(store.moveJob(w.db, job, { ...next, ...error }, now), houseErrors.conflict);
  const trail = { target: job.videoId, scope: job.ownerId, changes: { jobId: job.id, attempt: job.attempt } };
  switch (outcome) {
    case "progressed":
      return (w) => [move(w)];
    case "retry":
      return (w) => [
        move(w),
        w.record("watch.transcode.retry", trail),
        w.emit({ type: watchEvents.transcodeRequested, id: job.videoId }),
      ];
    case "failed":
    case "canceled":
      return (w) => [
        move(w),
        store.moveVideo(w.db, job, { state: "failed", stateReason: watchErrors.transcodeFailed.code }, now),
        w.record(`watch.transcode.${outcome === "failed" ? "fail" : "cancel"}`, trail),
        w.emit({ type: watchEvents.transcodeFailed, id: job.videoId }),
      ];
  }
}

type Made = NonNullable<Awaited<ReturnType<typeof whatWasMade>>>;

async function completion(ctx: Ctx, job: store.JobRow, next: JobCourse, made: Made): Promise<Consequence> {
  const { videoId, version, ownerId } = job;
  const now = ctx.now();
  const publishes = job.publishWhenReady && job.currentVersion === version;
  const posterKey = publishes ? await preparePoster(ctx, { ...job, posterCount: made.posterCount }) : null;
  const durationMs = made.durationMs === undefined ? {} : { durationMs: made.durationMs };
  return (w) => [
    w.guard(store.moveJob(w.db, job, { ...next, errorCode: null, errorMessage: null }, now), houseErrors.conflict),
    store.describeVersion(w.db, job, made),
    w.guard(store.moveVideo(w.db, job, { state: "ready", ...durationMs }, now), houseErrors.conflict),
    w.record("watch.transcode.complete", {
      target: videoId,
      scope: ownerId,
      changes: { jobId: job.id, attempt: job.attempt, version },
    }),
    w.emit({ type: watchEvents.videoReady, id: videoId }),
    ...(publishes ? publishStatements(w, { videoId, ownerId, posterKey, now }) : []),
  ];
}

/** What lies in the store for this version, counted there; null without a playlist that names a variant. */
async function whatWasMade(ctx: Ctx, job: store.JobRow, madeMs: number | null) {
  const playlist = await ctx.objects.readText("media", `${job.mediaPrefix}${MASTER_PLAYLIST}`);
  const renditions = variantsOf(playlist ?? "");
  if (renditions.length === 0) return null;
  const durationMs = job.durationMs ?? madeMs ?? undefined;
  const frame = (index: number) => storyboardFrames(job.mediaPrefix).replace("{n}", String(index).padStart(7, "0"));
  const [frames, posterCount] = await Promise.all([
    captured(ctx, frame, framesExpected(job.storyboard, durationMs)),
    captured(ctx, (index) => capturedPoster(job.mediaPrefix, index), job.posterCount || POSTER_COUNT),
  ]);
  const storyboard = job.storyboard && frames > 0 ? { ...job.storyboard, count: frames } : null;
  return { renditions, storyboard, posterCount, ...(durationMs === undefined ? {} : { durationMs }) };
}

function framesExpected(storyboard: Storyboard | null, durationMs: number | undefined): number {
  if (!storyboard || durationMs === undefined) return storyboard?.count ?? 0;
  return stillsIn(durationMs / 1000, storyboard.intervalS, STORYBOARD_FRAMES_MAX);
}

/** How many stills there are, given how many there should be: a picture track may end a moment before its sound. */
async function captured(ctx: Ctx, keyOf: (index: number) => string, expected: number): Promise<number> {
  for (let count = expected; count > Math.max(0, expected - POSTER_COUNT); count--)
    if (await ctx.objects.head("media", keyOf(count - 1))) return count;
  return 0;
}
