import type { Ctx } from "../../context.ts";
import { AppError, houseErrors } from "../../kernel/errors.ts";
import { addMs, SECOND_MS } from "../../kernel/time.ts";
import { type Consequence, followFailure, followStatus } from "./conversion-outcome.ts";
import { watchEvents } from "./events.ts";
import * as store from "./transcoding.store.ts";

/** After this long without news a job is looked after. */
const SILENCE_MS = 90 * SECOND_MS;
const JOBS_MAX = 50;

/**
 * Looks after jobs that nobody has heard of for a while, at most fifty: orders what was never ordered, asks about what was, and tries again
 * what the service does not know. Each job is a write-set of its own; one that fails does not hold up the others, but is thrown at the end.
 */
// hiroba-lint: unrecorded — orders anew or looks, which start-transcode and followStatus record
export async function reconcileTranscodes(ctx: Ctx): Promise<void> {
  ctx.authorize("watch:transcode");
  const jobs = await ctx.read((db) => store.listStale(db, addMs(ctx.now(), -SILENCE_MS), JOBS_MAX));
  const failures: unknown[] = [];
  for (const job of jobs) {
    try {
      const consequence = await lookAfter(ctx, job);
      await ctx.write(consequence);
    } catch (error) {
      // Somebody else brought this job on meanwhile.
      if (!AppError.is(error) || error.code !== houseErrors.conflict.code) failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, "jobs that could not be looked after");
}

async function lookAfter(ctx: Ctx, job: store.JobRow): Promise<NonNullable<Consequence>> {
  if (job.videoState === "deleted")
    return (w) => [
      w.guard(store.moveJob(w.db, job, { state: "canceled", percent: 0 }, ctx.now()), houseErrors.conflict),
    ];
  // The instant at which an attempt was asked for stays as it is: from it start-transcode knows whether an order may have been lost.
  if (job.remoteId === null) return (w) => [w.emit({ type: watchEvents.transcodeRequested, id: job.videoId })];
  const status = await ctx.transcoder.status(job.remoteId);
  const consequence = status
    ? await followStatus(ctx, job, status)
    : followFailure(ctx, job, "the service does not know the job");
  return consequence ?? ((w) => [w.guard(store.moveJob(w.db, job, {}, ctx.now()), houseErrors.conflict)]);
}
