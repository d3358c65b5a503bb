import type { Ctx } from "../../context.ts";
import * as accounts from "./accounts.store.ts";
import { identityErrors } from "./errors.ts";
import * as tokens from "./one-time-tokens.store.ts";
import { openSession, type SignedIn } from "./open-session.ts";
import { isUsable } from "./rules.ts";
import type { VerifyEmail } from "./schemas.ts";
import { hashOfToken } from "./secrets.ts";

/**
 * Confirms an address by the link that was mailed to it, and signs its owner in: with a new session, also for those who were signed in. Throws
 * `identity.link_invalid` when the link is unknown, older than a day or used; of two that use it at once, one is let in. Every other link
 * of the same person ends with it.
 */
export async function verifyEmail(ctx: Ctx, input: VerifyEmail): Promise<SignedIn> {
  ctx.authorize("identity:verify_email");
  const hash = await hashOfToken(input.token);
  const token = await ctx.read((db) => tokens.findTokenByHash(db, "verify_email", hash));
  const now = ctx.now();
  if (!token || !isUsable(token, now)) throw identityErrors.linkInvalid();

  const { userId, name, role } = token;
  const session = await openSession(ctx, { id: userId, name, role, emailVerified: true }, "cookie");
  await ctx.write((w) => [
    w.guard(tokens.useToken(w.db, token.id, now), identityErrors.linkInvalid),
    tokens.voidTokens(w.db, userId, "verify_email", now),
    accounts.markEmailVerified(w.db, userId, now),
    w.record("identity.email.verify", { target: userId, scope: userId }),
    ...session.statements(w),
    w.record("identity.session.sign_in", { target: session.actor.sessionId, scope: userId, changes: session.facts }),
  ]);
  return { token: session.token, until: session.until, actor: session.actor };
}
