import type { Ctx, UserActor } from "../../context.ts";
import { idleAfterUse, isLive } from "./rules.ts";
import { hashOfToken } from "./secrets.ts";
import * as sessions from "./sessions.store.ts";

/**
 * The person behind a token; null when it is unknown, ended or idle too long, or was made for the other way of carrying it. One query; the
 * idle end moves after the answer, at most every five minutes.
 */
export async function recogniseSession(
  ctx: Ctx,
  { token, via }: { token: string; via: "cookie" | "bearer" },
): Promise<UserActor | null> {
  const tokenHash = await hashOfToken(token);
  const session = await ctx.read((db) => sessions.findByToken(db, tokenHash, via));
  const now = ctx.now();
  if (!session || !isLive(session, now)) return null;
  const idleUntil = idleAfterUse(session, now);
  if (idleUntil) ctx.later(ctx.read((db) => sessions.touchSession(db, session.id, idleUntil)));
  const { userId, id: sessionId, role, name, emailVerifiedAt } = session;
  return { kind: "user", userId, sessionId, via, role, name, emailVerified: emailVerifiedAt !== null };
}
