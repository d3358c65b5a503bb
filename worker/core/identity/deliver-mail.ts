import type { Ctx } from "../../context.ts";
import { AppError } from "../../kernel/errors.ts";
import type { Mail } from "../../ports/mailer.ts";

/** Hands a mail to the provider: false when it refuses this mail for good, so that trying again would only be refused again. */
export async function deliverMail(ctx: Ctx, mail: Mail): Promise<boolean> {
  try {
    await ctx.mailer.send(mail);
    return true;
  } catch (error) {
    if (AppError.is(error) && error.kind === "invalid") return false;
    throw error;
  }
}
