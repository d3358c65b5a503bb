import type { Ctx } from "../../context.ts";
import { AppError, houseErrors } from "../../kernel/errors.ts";
import { addMs } from "../../kernel/time.ts";
import * as accounts from "./accounts.store.ts";
import { identityEvents } from "./events.ts";
import { accountSubject, REGISTRATION_MAILS } from "./limits.ts";
import * as tokens from "./one-time-tokens.store.ts";
import { VERIFY_LINK_MS } from "./rules.ts";
import type { Register } from "./schemas.ts";
import { hashOfToken, verificationToken } from "./secrets.ts";

/**
 * Opens an account and sends a link that confirms its address. When the address has an account already, its owner gets a mail that says so,
 * and nothing changes; whoever asked learns nothing from the answer or from the time it takes. Refuses nothing that the schema accepts.
 */
export async function register(ctx: Ctx, input: Register): Promise<void> {
  ctx.authorize("identity:register");
  const subject = await accountSubject(ctx, input.email);
  const [known, mayMail, passwordHash] = await Promise.all([
    ctx.read((db) => accounts.findAccountByEmail(db, input.email)),
    ctx.limiter.take(subject, REGISTRATION_MAILS),
    ctx.passwords.hash(input.password),
  ]);
  if (known) return recordRepetition(ctx, known, mayMail.ok);
  try {
    await openAccount(ctx, input, passwordHash);
  } catch (error) {
    if (!AppError.is(error) || error.code !== houseErrors.conflict.code) throw error;
    // Somebody registered the same address in this very moment
    const other = await ctx.read((db) => accounts.findAccountByEmail(db, input.email));
    if (!other) throw error;
    await recordRepetition(ctx, other, mayMail.ok);
  }
}

async function openAccount(ctx: Ctx, { email, name, locale }: Register, passwordHash: string): Promise<void> {
  const createdAt = ctx.now();
  const userId = ctx.newId("user");
  const tokenId = ctx.newId("token");
  const hash = await hashOfToken(await verificationToken(ctx, tokenId));
  const expiresAt = addMs(createdAt, VERIFY_LINK_MS);
  const account = {
    id: userId,
    email,
    emailNormal: email,
    name,
    locale: locale ?? ctx.locale,
    passwordHash,
    createdAt,
  };
  await ctx.write(
    (w) => [
      accounts.insertAccount(w.db, account),
      tokens.insertToken(w.db, { id: tokenId, kind: "verify_email", hash, userId, createdAt, expiresAt }),
      w.record("identity.user.register", { target: userId, scope: userId, changes: { locale: account.locale } }),
      w.emit({ type: identityEvents.verificationRequested, id: tokenId }),
    ],
    { users_email: houseErrors.conflict },
  );
}

/** Too many mails to one address are as bad as none: beyond the limit the attempt is recorded, and that is all. */
async function recordRepetition(ctx: Ctx, account: accounts.Account, mayMail: boolean): Promise<void> {
  await ctx.write((w) => [
    w.record("identity.user.register_again", {
      target: account.id,
      scope: account.id,
      changes: { mailed: mayMail },
    }),
    ...(mayMail ? [w.emit({ type: identityEvents.registrationRepeated, id: account.id })] : []),
  ]);
}
