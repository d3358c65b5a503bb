import type { Ctx } from "../../context.ts";
import type { Id } from "../../kernel/ids.ts";
import { verificationMail } from "./mails.ts";
import * as tokens from "./one-time-tokens.store.ts";
import { isUsable } from "./rules.ts";
import { verificationToken } from "./secrets.ts";

/**
 * Mails the link that confirms an address; reacts to `identity.verification_requested`. Nothing is sent when the link is no longer of use.
 * The mail goes out before the event is marked as done, so a crash in between sends the same link twice rather than never. Throws what the mailer
 * throws.
 */
export async function sendVerificationMail(ctx: Ctx, { tokenId }: { tokenId: Id<"token"> }): Promise<void> {
  ctx.authorize("identity:send_mail");
  const token = await ctx.read((db) => tokens.findToken(db, tokenId));
  if (!token || token.emailVerifiedAt || !isUsable(token, ctx.now())) return;
  const secret = await verificationToken(ctx, tokenId);
  await ctx.mailer.send(verificationMail(token, ctx.settings.origin, secret));
  await ctx.write((w) => [w.record("identity.verification_mail.send", { target: tokenId, scope: token.userId })]);
}
