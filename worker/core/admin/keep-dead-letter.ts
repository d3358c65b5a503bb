import type { Ctx } from "../../context.ts";
import * as store from "./operations.store.ts";

/** Keeps a message that no consumer could handle, so that an operator can look at it and replay it. */
export async function keepDeadLetter(
  ctx: Ctx,
  message: { queue: string; messageId: string; body: unknown; attempts: number },
): Promise<void> {
  ctx.authorize("console:keep_dead_letter");
  const row = { id: ctx.newId("deadLetter"), failedAt: ctx.now(), ...message };
  await ctx.write((w) => [
    store.insertDeadLetter(w.db, row),
    w.record("admin.dead_letter.keep", { target: row.id, changes: { queue: row.queue, attempts: row.attempts } }),
  ]);
}
