import { and, eq, gt, inArray, isNotNull, isNull, lt, or, sql } from "drizzle-orm";
import type { Db } from "#db/client.ts";
import { oneTimeTokens, users } from "#db/schema/identity.ts";
import type { Id } from "../../kernel/ids.ts";
import type { Locale } from "../../kernel/locale.ts";

export type NewToken = {
  id: Id<"token">;
  kind: "verify_email";
  hash: string;
  userId: Id<"user">;
  createdAt: Date;
  expiresAt: Date;
};

export type TokenWithPerson = {
  id: Id<"token">;
  expiresAt: Date;
  usedAt: Date | null;
  userId: Id<"user">;
  email: string;
  emailVerifiedAt: Date | null;
  name: string;
  locale: Locale;
  role: "user" | "admin";
};

const tokenWithPerson = {
  id: oneTimeTokens.id,
  expiresAt: oneTimeTokens.expiresAt,
  usedAt: oneTimeTokens.usedAt,
  userId: users.id,
  email: users.email,
  emailVerifiedAt: users.emailVerifiedAt,
  name: users.name,
  locale: users.locale,
  role: users.role,
};

export const insertToken = (db: Db, row: NewToken) => db.insert(oneTimeTokens).values(row);

export async function findTokenByHash(db: Db, kind: "verify_email", hash: string): Promise<TokenWithPerson | null> {
  const [row] = await db
    .select(tokenWithPerson)
    .from(oneTimeTokens)
    .innerJoin(users, eq(users.id, oneTimeTokens.userId))
    .where(and(eq(oneTimeTokens.hash, hash), eq(oneTimeTokens.kind, kind)));
  return row ?? null;
}

export async function findToken(db: Db, id: Id<"token">): Promise<TokenWithPerson | null> {
  const [row] = await db
    .select(tokenWithPerson)
    .from(oneTimeTokens)
    .innerJoin(users, eq(users.id, oneTimeTokens.userId))
    .where(eq(oneTimeTokens.id, id));
  return row ?? null;
}

/** Guarded: a token is good once. */
export const useToken = (db: Db, id: Id<"token">, now: Date) =>
  db
    .update(oneTimeTokens)
    .set({ usedAt: now })
    .where(and(eq(oneTimeTokens.id, id), isNull(oneTimeTokens.usedAt), gt(oneTimeTokens.expiresAt, now)))
    .returning({ one: sql`1` });

/** Makes every other link of the kind that a person holds useless. */
export const voidTokens = (db: Db, userId: Id<"user">, kind: "verify_email", now: Date) =>
  db
    .update(oneTimeTokens)
    .set({ usedAt: now })
    .where(and(eq(oneTimeTokens.userId, userId), eq(oneTimeTokens.kind, kind), isNull(oneTimeTokens.usedAt)));

/** Tokens that are used or too old, oldest first. */
export async function listSpent(db: Db, now: Date, limit: number): Promise<Id<"token">[]> {
  const rows = await db
    .select({ id: oneTimeTokens.id })
    .from(oneTimeTokens)
    .where(or(isNotNull(oneTimeTokens.usedAt), lt(oneTimeTokens.expiresAt, now)))
    .orderBy(oneTimeTokens.id)
    .limit(limit);
  return rows.map((row) => row.id);
}

export const deleteTokens = (db: Db, ids: readonly Id<"token">[]) =>
  db.delete(oneTimeTokens).where(inArray(oneTimeTokens.id, [...ids]));
