import { and, eq, isNull } from "drizzle-orm";
import type { Db } from "#db/client.ts";
import { users } from "#db/schema/identity.ts";
import type { Id } from "../../kernel/ids.ts";
import type { Locale } from "../../kernel/locale.ts";

const account = {
  id: users.id,
  email: users.email,
  emailVerifiedAt: users.emailVerifiedAt,
  name: users.name,
  locale: users.locale,
  role: users.role,
  passwordHash: users.passwordHash,
};

export type Account = {
  id: Id<"user">;
  email: string;
  emailVerifiedAt: Date | null;
  name: string;
  locale: Locale;
  role: "user" | "admin";
  passwordHash: string;
};

export async function findAccountByEmail(db: Db, emailNormal: string): Promise<Account | null> {
  const [row] = await db.select(account).from(users).where(eq(users.emailNormal, emailNormal));
  return row ?? null;
}

export async function findAccount(db: Db, id: Id<"user">): Promise<Account | null> {
  const [row] = await db.select(account).from(users).where(eq(users.id, id));
  return row ?? null;
}

export type NewAccount = {
  id: Id<"user">;
  email: string;
  emailNormal: string;
  name: string;
  locale: Locale;
  passwordHash: string;
  createdAt: Date;
};

export const insertAccount = (db: Db, row: NewAccount) => db.insert(users).values(row);

/** Confirms the address; the first confirmation stays. */
export const markEmailVerified = (db: Db, id: Id<"user">, now: Date) =>
  db
    .update(users)
    .set({ emailVerifiedAt: now })
    .where(and(eq(users.id, id), isNull(users.emailVerifiedAt)));

/** Puts a fresh hash of the same password in place of a stale one, unless the password was changed meanwhile. */
export const replaceHash = (db: Db, id: Id<"user">, stale: string, fresh: string) =>
  db
    .update(users)
    .set({ passwordHash: fresh })
    .where(and(eq(users.id, id), eq(users.passwordHash, stale)));
