import type { Ctx } from "../../context.ts";
import { networkOf } from "../../kernel/network.ts";
import type { Limit } from "../../ports/limiter.ts";
import { identityErrors } from "./errors.ts";

const QUARTER_HOUR_S = 15 * 60;
const HOUR_S = 60 * 60;

/** Failed sign-ins, per account and per network (OWASP ASVS 5.0, 6.3.1). */
export const SIGN_IN_FAILURES: Limit = { name: "sign_in_failures", max: 5, windowS: QUARTER_HOUR_S };
/** Verification mails that one person may ask for. */
export const VERIFICATION_MAILS: Limit = { name: "verification_mails", max: 5, windowS: HOUR_S };
/** Mails that others may cause to one address by registering it again. */
export const REGISTRATION_MAILS: Limit = { name: "registration_mails", max: 3, windowS: HOUR_S };

/** The name under which an address of mail is counted: keyed, so that nobody can read or guess it from the counter. */
export async function accountSubject(ctx: Ctx, emailNormal: string): Promise<string> {
  return `account:${await ctx.sealer.mac("account", emailNormal)}`;
}

/** The name under which the caller's network is counted and remembered. */
export async function networkSubject(ctx: Ctx): Promise<string> {
  return `network:${await ctx.sealer.mac("network", networkOf(ctx.address))}`;
}

/**
 * Takes one attempt to sign in, before anything is checked, so that a burst of parallel guesses cannot exceed the budget. Throws
 * `identity.too_many_failures` with the wait. The network goes first: one that is blocked does not use up the attempts of accounts.
 */
export async function takeAttempt(ctx: Ctx, emailNormal: string): Promise<{ giveBack: () => Promise<void> }> {
  const [network, account] = await Promise.all([networkSubject(ctx), accountSubject(ctx, emailNormal)]);
  const ofNetwork = await ctx.limiter.take(network, SIGN_IN_FAILURES);
  if (!ofNetwork.ok) throw identityErrors.tooManyFailures({ retryAfterS: ofNetwork.retryAfterS });
  const ofAccount = await ctx.limiter.take(account, SIGN_IN_FAILURES);
  if (!ofAccount.ok) {
    await ctx.limiter.giveBack(network, SIGN_IN_FAILURES);
    throw identityErrors.tooManyFailures({ retryAfterS: ofAccount.retryAfterS });
  }
  return {
    giveBack: async () => {
      await Promise.all([network, account].map((subject) => ctx.limiter.giveBack(subject, SIGN_IN_FAILURES)));
    },
  };
}
