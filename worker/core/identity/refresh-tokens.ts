import type { Ctx } from "../../context.ts";
import { newSecret } from "../../kernel/ids.ts";
import { secondsUntil } from "../../kernel/time.ts";
import { identityErrors } from "./errors.ts";
import type { BearerTokens } from "./issue-tokens.ts";
import { renewedIdle } from "./rules.ts";
import type { Refresh } from "./schemas.ts";
import { hashOfToken } from "./secrets.ts";
import * as sessions from "./sessions.store.ts";

/**
 * Gives an API client its next pair of tokens for its refresh token, and makes the old pair useless (RFC 9700 §4.14.2). Throws
 * `identity.refresh_invalid` when the refresh token is unknown, was used, or its session has ended: of two that use it at once, one gets the pair.
 */
export async function refreshTokens(ctx: Ctx, input: Refresh): Promise<BearerTokens> {
  ctx.authorize("identity:refresh");
  const presented = await hashOfToken(input.refreshToken);
  const now = ctx.now();
  const session = await ctx.read((db) => sessions.findByRefresh(db, presented, now));
  if (!session) throw identityErrors.refreshInvalid();

  const accessToken = newSecret();
  const refreshToken = newSecret();
  const idleUntil = renewedIdle(session.absoluteUntil, now);
  const next = {
    tokenHash: await hashOfToken(accessToken),
    refreshHash: await hashOfToken(refreshToken),
    idleUntil,
  };
  await ctx.write((w) => [
    w.guard(sessions.rotateTokens(w.db, presented, next, now), identityErrors.refreshInvalid),
    w.record("identity.session.refresh", { target: session.id, scope: session.userId }),
  ]);
  return { accessToken, refreshToken, expiresIn: secondsUntil(idleUntil, now), tokenType: "Bearer" };
}
