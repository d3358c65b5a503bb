import type { Ctx } from "../../context.ts";
import * as tokens from "./one-time-tokens.store.ts";
import * as sessions from "./sessions.store.ts";

/** Rows per write-set, so that no statement holds its locks for long. */
const BATCH_MAX = 1_000;
/** Batches per run; what is left waits for the next one. */
const BATCHES_MAX = 100;

/** Deletes ended sessions and used or expired tokens. Safe to run twice, at once or after it was interrupted. */
export async function cleanUpIdentity(ctx: Ctx): Promise<void> {
  ctx.authorize("identity:clean_up");
  for (let batch = 0; batch < BATCHES_MAX; batch++) {
    const now = ctx.now();
    const ended = await ctx.read((db) => sessions.listEnded(db, now, BATCH_MAX));
    const spent = await ctx.read((db) => tokens.listSpent(db, now, BATCH_MAX));
    if (ended.length === 0 && spent.length === 0) return;
    await ctx.write((w) => [
      ...(ended.length > 0 ? [sessions.deleteSessions(w.db, ended)] : []),
      ...(spent.length > 0 ? [tokens.deleteTokens(w.db, spent)] : []),
      w.record("identity.clean_up", {
        target: "identity",
        changes: { sessions: ended.length, tokens: spent.length },
      }),
    ]);
  }
}
