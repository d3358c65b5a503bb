import { api } from "#worker/api.ts";
import type { Ctx } from "#worker/context.ts";

/** What runs when: the cron expressions are those of `wrangler.toml` (UTC). Each job is safe to run twice and late. */
export const jobs: Readonly<Record<string, readonly { name: string; run: (ctx: Ctx) => Promise<unknown> }[]>> = {
  "* * * * *": [
    { name: "sweep_outbox", run: (ctx) => api.admin.sweepOutbox(ctx) },
    { name: "reconcile_transcodes", run: (ctx) => api.watch.reconcileTranscodes(ctx) },
  ],
  "0 18 * * *": [
    { name: "sweep_uploads", run: (ctx) => api.watch.sweepUploads(ctx) },
    { name: "clean_up_identity", run: (ctx) => api.identity.cleanUpIdentity(ctx) },
  ],
};
