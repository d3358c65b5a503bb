import { markPublished } from "#db/write-set.ts";
import type { Ctx } from "../../context.ts";
import { addMs, SECOND_MS } from "../../kernel/time.ts";
import * as store from "./operations.store.ts";

/** How long the sender that committed an event has to send it before the sweep does. */
const SENDER_GRACE_MS = 20 * SECOND_MS;
const EVENTS_MAX = 1_000;

/** Sends what committed but never reached the queue (an isolate that died in between). Consumers ignore what arrives twice. */
export async function sweepOutbox(ctx: Ctx): Promise<number> {
  ctx.authorize("outbox:sweep");
  const waiting = await ctx.read((db) => store.listUnpublished(db, addMs(ctx.now(), -SENDER_GRACE_MS), EVENTS_MAX));
  if (waiting.length === 0) return 0;
  await ctx.outbox.send(waiting.map((event) => ({ v: 1, ...event })));
  // hiroba-lint: unrecorded — the outbox's own bookkeeping
  await ctx.write((w) => [
    markPublished(
      w.db,
      waiting.map((event) => event.eventId),
      ctx.now(),
    ),
  ]);
  return waiting.length;
}
