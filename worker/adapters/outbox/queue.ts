import type { Outbox } from "../../ports/outbox.ts";

/** Cloudflare takes at most 100 messages per `sendBatch` (Queues → Limits). */
const BATCH_MAX = 100;

/** The outbox's way to a Cloudflare Queue. */
export function makeQueueOutbox(queue: Queue<unknown>): Outbox {
  return {
    send: async (envelopes) => {
      for (let at = 0; at < envelopes.length; at += BATCH_MAX)
        await queue.sendBatch(
          envelopes.slice(at, at + BATCH_MAX).map((body) => ({ body, contentType: "json" as const })),
        );
    },
  };
}
