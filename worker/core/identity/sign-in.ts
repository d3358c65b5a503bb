import type { Ctx } from "../../context.ts";
import * as accounts from "./accounts.store.ts";
import { checkCredentials } from "./check-credentials.ts";
import { openSession, type SignedIn } from "./open-session.ts";
import type { SignIn } from "./schemas.ts";

/**
 * Signs a browser in, always with a new session; the one that it had ends. Throws `identity.wrong_credentials` (alike for unknown addresses)
 * and `identity.too_many_failures`. Works before the address is confirmed: what needs a confirmed address asks for it itself.
 */
export async function signIn(ctx: Ctx, input: SignIn): Promise<SignedIn> {
  ctx.authorize("identity:sign_in");
  const { id, name, role, emailVerifiedAt, passwordHash, freshHash } = await checkCredentials(ctx, input);
  const session = await openSession(ctx, { id, name, role, emailVerified: emailVerifiedAt !== null }, "cookie");
  await ctx.write((w) => [
    ...session.statements(w),
    ...(freshHash ? [accounts.replaceHash(w.db, id, passwordHash, freshHash)] : []),
    w.record("identity.session.sign_in", { target: session.actor.sessionId, scope: id, changes: session.facts }),
  ]);
  return { token: session.token, until: session.until, actor: session.actor };
}
