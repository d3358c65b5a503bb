import { and, eq, gt, inArray, isNotNull, isNull, lt, or, sql } from "drizzle-orm";
import type { Db } from "#db/client.ts";
import { sessions, users } from "#db/schema/identity.ts";
import type { Id } from "../../kernel/ids.ts";
import type { SessionKind, SessionTimes } from "./rules.ts";

export type NewSession = {
  id: Id<"session">;
  tokenHash: string;
  userId: Id<"user">;
  kind: SessionKind;
  userAgent: string;
  createdAt: Date;
  idleUntil: Date;
  absoluteUntil: Date;
  refreshHash: string | null;
};

export const insertSession = (db: Db, row: NewSession) => db.insert(sessions).values(row);

export type SessionWithPerson = SessionTimes & {
  id: Id<"session">;
  userId: Id<"user">;
  role: "user" | "admin";
  name: string;
  emailVerifiedAt: Date | null;
};

/** The session of a token, with the person it speaks for. */
export async function findByToken(db: Db, tokenHash: string, kind: SessionKind): Promise<SessionWithPerson | null> {
  const [row] = await db
    .select({
      id: sessions.id,
      kind: sessions.kind,
      idleUntil: sessions.idleUntil,
      absoluteUntil: sessions.absoluteUntil,
      revokedAt: sessions.revokedAt,
      userId: users.id,
      role: users.role,
      name: users.name,
      emailVerifiedAt: users.emailVerifiedAt,
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(and(eq(sessions.tokenHash, tokenHash), eq(sessions.kind, kind)));
  return row ?? null;
}

/** Moves the idle end of a session forward; never backward, never of one that has ended. */
export async function touchSession(db: Db, id: Id<"session">, idleUntil: Date): Promise<void> {
  await db
    .update(sessions)
    .set({ idleUntil })
    .where(and(eq(sessions.id, id), isNull(sessions.revokedAt), lt(sessions.idleUntil, idleUntil)));
}

export type RefreshableSession = { id: Id<"session">; userId: Id<"user">; absoluteUntil: Date };

/** The API client's session whose one good refresh token this is; null when revoked, too old or unknown. */
export async function findByRefresh(db: Db, refreshHash: string, now: Date): Promise<RefreshableSession | null> {
  const [row] = await db
    .select({ id: sessions.id, userId: sessions.userId, absoluteUntil: sessions.absoluteUntil })
    .from(sessions)
    .where(refreshable(refreshHash, now));
  return row ?? null;
}

/** Guarded: of two that use the same refresh token, one gets the next pair. */
export const rotateTokens = (
  db: Db,
  refreshHash: string,
  next: { tokenHash: string; refreshHash: string; idleUntil: Date },
  now: Date,
) =>
  db
    .update(sessions)
    .set(next)
    .where(refreshable(refreshHash, now))
    .returning({ one: sql`1` });

/** Ends a person's session. Nothing happens to one that has ended. */
export const revokeSession = (db: Db, userId: Id<"user">, id: Id<"session">, now: Date) =>
  db
    .update(sessions)
    .set({ revokedAt: now })
    .where(and(eq(sessions.id, id), eq(sessions.userId, userId), isNull(sessions.revokedAt)));

/** Sessions that nothing can bring back, oldest first: an API client's idle one can still be refreshed. */
export async function listEnded(db: Db, now: Date, limit: number): Promise<Id<"session">[]> {
  const rows = await db
    .select({ id: sessions.id })
    .from(sessions)
    .where(
      or(
        isNotNull(sessions.revokedAt),
        lt(sessions.absoluteUntil, now),
        and(eq(sessions.kind, "cookie"), lt(sessions.idleUntil, now)),
      ),
    )
    .orderBy(sessions.id)
    .limit(limit);
  return rows.map((row) => row.id);
}

export const deleteSessions = (db: Db, ids: readonly Id<"session">[]) =>
  db.delete(sessions).where(inArray(sessions.id, [...ids]));

function refreshable(refreshHash: string, now: Date) {
  return and(
    eq(sessions.refreshHash, refreshHash),
    eq(sessions.kind, "bearer"),
    isNull(sessions.revokedAt),
    gt(sessions.absoluteUntil, now),
  );
}
