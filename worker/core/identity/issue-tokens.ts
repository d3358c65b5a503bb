import { assert } from "../../kernel/assert.ts";
import type { Ctx } from "../../context.ts";
import * as accounts from "./accounts.store.ts";
import { checkCredentials } from "./check-credentials.ts";
import { openSession } from "./open-session.ts";
import { ACCESS_TOKEN_S } from "./rules.ts";
import type { SignIn } from "./schemas.ts";

export type BearerTokens = { accessToken: string; refreshToken: string; expiresIn: number; tokenType: "Bearer" };

/**
 * Signs an API client in: an access token for 15 minutes and a refresh token that is good once (RFC 6749 §5.1). Both are opaque; only their
 * hashes are kept. Throws what `signIn` throws.
 */
export async function issueTokens(ctx: Ctx, input: SignIn): Promise<BearerTokens> {
  ctx.authorize("identity:sign_in");
  const { id, name, role, emailVerifiedAt, passwordHash, freshHash } = await checkCredentials(ctx, input);
  const session = await openSession(ctx, { id, name, role, emailVerified: emailVerifiedAt !== null }, "bearer");
  const { token: accessToken, refreshToken } = session;
  assert(refreshToken, "an API client's session has a refresh token");
  await ctx.write((w) => [
    ...session.statements(w),
    ...(freshHash ? [accounts.replaceHash(w.db, id, passwordHash, freshHash)] : []),
    w.record("identity.session.sign_in", { target: session.actor.sessionId, scope: id, changes: session.facts }),
  ]);
  return { accessToken, refreshToken, expiresIn: ACCESS_TOKEN_S, tokenType: "Bearer" };
}
