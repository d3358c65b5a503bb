import * as z from "zod";
import type { Ctx } from "../../context.ts";
import { idSchema } from "../../kernel/ids.ts";
import type { EventEnvelope } from "../../ports/outbox.ts";
import { adminErrors } from "./errors.ts";
import * as store from "./operations.store.ts";

export const deadLetterRef = z.object({ deadLetterId: idSchema("deadLetter") });

/**
 * Puts a dead letter back on its queue. Sending comes before the note that it was sent: a replay may then arrive twice, which consumers
 * ignore, but is never lost. Throws `admin.dead_letter_not_found`, `admin.already_replayed`.
 */
export async function replayDeadLetter(ctx: Ctx, { deadLetterId }: z.output<typeof deadLetterRef>): Promise<void> {
  ctx.authorize("console:operate");
  const letter = await ctx.read((db) => store.findDeadLetter(db, deadLetterId));
  if (!letter) throw adminErrors.deadLetterNotFound();
  if (letter.replayedAt) throw adminErrors.alreadyReplayed();
  await ctx.outbox.send([letter.body as EventEnvelope]);
  await ctx.write((w) => [
    w.guard(store.markReplayed(w.db, deadLetterId, ctx.now()), adminErrors.alreadyReplayed),
    w.record("admin.dead_letter.replay", { target: deadLetterId }),
  ]);
}
