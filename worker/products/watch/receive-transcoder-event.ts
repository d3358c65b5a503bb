import * as z from "zod";
import type { Ctx } from "../../context.ts";
import { AppError, houseErrors } from "../../kernel/errors.ts";
import { isId } from "../../kernel/ids.ts";
import { watchErrors } from "./errors.ts";
import { watchEvents } from "./events.ts";
import { jobOfReference } from "./media-machine.ts";
import * as store from "./transcoding.store.ts";

/**
 * What we read of an EventBridge event (EventBridge user guide, "Events"; MediaConvert user guide, "EventBridge events"). The rest may be
 * anything: the service adds fields and kinds as it likes.
 */
const eventSchema = z.object({
  id: z.string().min(1).max(128),
  source: z.string().max(256),
  detail: z.object({
    status: z.string().max(64).default(""),
    userMetadata: z.object({ reference: z.string().max(128).default("") }).default({ reference: "" }),
  }),
});

/** Statuses that end a job: only these are written into its owner's trail. */
const ENDS = new Set(["COMPLETE", "ERROR", "CANCELED"]);

/**
 * Takes note that the transcoder says something happened to a job; what it was is asked anew by whoever reacts. The sender proves itself with
 * the key that the EventBridge connection was given. Events of other services, about jobs that are not ours, and those that came before are
 * taken and forgotten: refusing them would only make them come again. Throws `watch.hook_refused`, `house.malformed`.
 */
export async function receiveTranscoderEvent(ctx: Ctx, input: { key: string; event: unknown }): Promise<void> {
  ctx.authorize("watch:receive_event");
  if (!(await ctx.sealer.isKeyOf("awsEvents", input.key))) throw watchErrors.hookRefused();
  const parsed = eventSchema.safeParse(input.event);
  if (!parsed.success) throw houseErrors.malformed();
  const { id: eventId, source, detail } = parsed.data;
  const jobId = jobOfReference(detail.userMetadata.reference);
  if (source !== "aws.mediaconvert" || !isId("job", jobId)) return;
  const job = await ctx.read((db) => store.findJob(db, jobId));
  if (!job) return;
  try {
    await ctx.write(
      (w) => [
        store.insertProviderEvent(w.db, {
          provider: "aws",
          eventId,
          type: `mediaconvert.${detail.status.toLowerCase()}`,
          subject: jobId,
          receivedAt: ctx.now(),
        }),
        w.emit({ type: watchEvents.transcoderReported, id: jobId }),
        ...(ENDS.has(detail.status)
          ? [w.record("watch.transcode.report", { target: job.videoId, scope: job.ownerId, changes: { jobId } })]
          : []),
      ],
      { provider_events_pkey: houseErrors.conflict },
    );
  } catch (error) {
    if (!AppError.is(error) || error.code !== houseErrors.conflict.code) throw error;
  }
}
