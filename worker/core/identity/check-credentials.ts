import type { Ctx } from "../../context.ts";
import * as accounts from "./accounts.store.ts";
import { identityErrors } from "./errors.ts";
import { accountSubject, networkSubject, takeAttempt } from "./limits.ts";
import type { SignIn } from "./schemas.ts";

/** An account whose password was right. `freshHash` takes the place of a stored hash that is behind today's costs. */
export type CheckedAccount = accounts.Account & { freshHash: string | null };

/**
 * The account of an address and its password. Throws `identity.wrong_credentials`, alike and after the same time for an address that has no
 * account; and `identity.too_many_failures` after five failures in 15 minutes of the account or of the network, whatever the password.
 * An attempt counts from before the check until it has succeeded; a failure of ours does not count.
 */
export async function checkCredentials(ctx: Ctx, { email, password }: SignIn): Promise<CheckedAccount> {
  ctx.authorize("identity:sign_in");
  const attempt = await takeAttempt(ctx, email);
  const { known, right } = await examine(ctx, email, password).catch(async (error: unknown) => {
    await attempt.giveBack();
    throw error;
  });
  if (!known || !right) {
    const network = await networkSubject(ctx);
    const target = known?.id ?? (await accountSubject(ctx, email));
    await ctx.write((w) => [
      w.record("identity.session.sign_in_refused", { target, scope: target, changes: { network } }),
    ]);
    throw identityErrors.wrongCredentials();
  }
  await attempt.giveBack();
  return { ...known, freshHash: ctx.passwords.isStale(known.passwordHash) ? await ctx.passwords.hash(password) : null };
}

async function examine(ctx: Ctx, email: string, password: string) {
  const known = await ctx.read((db) => accounts.findAccountByEmail(db, email));
  return { known, right: await ctx.passwords.verify(password, known?.passwordHash ?? null) };
}
