import type { Ctx } from "../../context.ts";
import type { Id } from "../../kernel/ids.ts";
import { followStatus } from "./conversion-outcome.ts";
import { isOpen } from "./media-machine.ts";
import * as store from "./transcoding.store.ts";

/**
 * Brings a job up to date after the service said that something happened to it. What it said is not believed: the service is asked anew, so
 * that forged, late, repeated and shuffled news do no harm. A finished job makes the video ready, and publishes it when its creator asked so.
 */
// hiroba-lint: unrecorded — every statement comes from followStatus, which records each change but mere progress
export async function applyTranscoderReport(ctx: Ctx, { jobId }: { jobId: Id<"job"> }): Promise<void> {
  ctx.authorize("watch:transcode");
  const job = await ctx.read((db) => store.findJob(db, jobId));
  if (!job?.remoteId || !isOpen(job.state)) return;
  const status = await ctx.transcoder.status(job.remoteId);
  const consequence = status && (await followStatus(ctx, job, status));
  if (consequence) await ctx.write(consequence);
}
