import type { Ctx } from "../../context.ts";
import type { Id } from "../../kernel/ids.ts";
import * as accounts from "./accounts.store.ts";
import { registrationNotice } from "./mails.ts";

/**
 * Tells a person that somebody tried to register their address again; reacts to `identity.registration_repeated`. Sent at least once.
 * Throws what the mailer throws.
 */
export async function sendRegistrationNotice(ctx: Ctx, { userId }: { userId: Id<"user"> }): Promise<void> {
  ctx.authorize("identity:send_mail");
  const account = await ctx.read((db) => accounts.findAccount(db, userId));
  if (!account) return;
  await ctx.mailer.send(registrationNotice(account, ctx.settings.origin));
  await ctx.write((w) => [w.record("identity.registration_notice.send", { target: userId, scope: userId })]);
}
