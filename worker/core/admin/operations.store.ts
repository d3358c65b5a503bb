import { and, asc, desc, eq, isNull, lt, sql } from "drizzle-orm";
import type { Db } from "#db/client.ts";
import { deadLetters, outboxEvents } from "#db/schema/shared.ts";
import type { Id } from "../../kernel/ids.ts";
import { type Cursor, decodeCursor, type Page, type PageQuery, pageOf } from "../../kernel/page.ts";

export type DeadLetter = {
  id: Id<"deadLetter">;
  queue: string;
  body: unknown;
  attempts: number;
  failedAt: Date;
  replayedAt: Date | null;
};

const columns = {
  id: deadLetters.id,
  queue: deadLetters.queue,
  body: deadLetters.body,
  attempts: deadLetters.attempts,
  failedAt: deadLetters.failedAt,
  replayedAt: deadLetters.replayedAt,
};

/** Dead letters, newest first. */
export async function listDeadLetters(db: Db, { cursor, limit }: PageQuery): Promise<Page<DeadLetter>> {
  const after = decodeCursor(cursor);
  const rows = await db
    .select(columns)
    .from(deadLetters)
    .where(after && lt(deadLetters.id, after[1] as Id<"deadLetter">))
    .orderBy(desc(deadLetters.id))
    .limit(limit + 1);
  return pageOf(rows, limit, (row): Cursor => [0, row.id]);
}

export async function findDeadLetter(db: Db, id: Id<"deadLetter">): Promise<DeadLetter | null> {
  const [row] = await db.select(columns).from(deadLetters).where(eq(deadLetters.id, id));
  return row ?? null;
}

export type NewDeadLetter = {
  id: Id<"deadLetter">;
  queue: string;
  messageId: string;
  body: unknown;
  attempts: number;
  failedAt: Date;
};

/** Keeps a message once, however often the queue delivers it. */
export const insertDeadLetter = (db: Db, row: NewDeadLetter) =>
  db.insert(deadLetters).values(row).onConflictDoNothing({ target: deadLetters.messageId });

/** Guarded: of two operators who press replay, one does it. */
export const markReplayed = (db: Db, id: Id<"deadLetter">, now: Date) =>
  db
    .update(deadLetters)
    .set({ replayedAt: now })
    .where(and(eq(deadLetters.id, id), isNull(deadLetters.replayedAt)))
    .returning({ one: sql`1` });

/** Events that committed before an instant and have not reached the queue, oldest first. */
export function listUnpublished(db: Db, before: Date, limit: number) {
  return db
    .select({ eventId: outboxEvents.id, type: outboxEvents.type, subjectId: outboxEvents.subjectId })
    .from(outboxEvents)
    .where(and(isNull(outboxEvents.publishedAt), lt(outboxEvents.occurredAt, before)))
    .orderBy(asc(outboxEvents.occurredAt))
    .limit(limit);
}
