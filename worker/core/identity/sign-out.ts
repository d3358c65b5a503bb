import type { Ctx } from "../../context.ts";
import * as sessions from "./sessions.store.ts";

/** Ends the session that this request came with, at once and for every holder of its token. Other sessions of the person go on. */
export async function signOut(ctx: Ctx): Promise<void> {
  const { userId, sessionId } = ctx.authorize("identity:sign_out");
  await ctx.write((w) => [
    sessions.revokeSession(w.db, userId, sessionId, ctx.now()),
    w.record("identity.session.sign_out", { target: sessionId }),
  ]);
}
