import type { Ctx } from "../../context.ts";
import { houseErrors } from "../../kernel/errors.ts";
import { addMs } from "../../kernel/time.ts";
import { identityEvents } from "./events.ts";
import { VERIFICATION_MAILS } from "./limits.ts";
import * as tokens from "./one-time-tokens.store.ts";
import { VERIFY_LINK_MS } from "./rules.ts";
import { hashOfToken, verificationToken } from "./secrets.ts";

/**
 * Sends one more link that confirms the address of whoever is signed in; earlier links keep working, because mails overtake each other. Does
 * nothing when the address is confirmed. Throws `house.limited` after five in an hour.
 */
export async function resendVerification(ctx: Ctx): Promise<void> {
  const { userId, emailVerified } = ctx.authorize("identity:resend_verification");
  if (emailVerified) return;
  const allowed = await ctx.limiter.take(userId, VERIFICATION_MAILS);
  if (!allowed.ok) throw houseErrors.limited({ retryAfterS: allowed.retryAfterS });
  const createdAt = ctx.now();
  const id = ctx.newId("token");
  const hash = await hashOfToken(await verificationToken(ctx, id));
  const expiresAt = addMs(createdAt, VERIFY_LINK_MS);
  await ctx.write((w) => [
    tokens.insertToken(w.db, { id, kind: "verify_email", hash, userId, createdAt, expiresAt }),
    w.record("identity.verification_mail.request", { target: userId }),
    w.emit({ type: identityEvents.verificationRequested, id }),
  ]);
}
