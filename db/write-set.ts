import { type SQL, inArray, sql } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import { assert } from "#worker/kernel/assert.ts";
import { AppError, type ErrorFactory, errorOfCode, houseErrors } from "#worker/kernel/errors.ts";
import type { Id } from "#worker/kernel/ids.ts";
import type { Db } from "./client.ts";
import { inboxEvents, outboxEvents } from "./schema/shared.ts";

/** One statement of a write-set, built with drizzle and not yet sent. */
export type Statement = BatchItem<"pg">;

/** What an event says: its type and the id of what it is about. Consumers read the rest anew. */
export type EventFact = { type: `${string}.${string}`; id: string };

export type AuditEntry = {
  /** The id of the thing that changed. */
  target: string;
  /** Whose trail this belongs to: an organization, or the person concerned. The actor's own unless told. */
  scope?: string;
  /** Field names with values that may be kept in clear. Never secrets, never another person's data. */
  changes?: Readonly<Record<string, unknown>>;
};

/** Statements of one atomic batch: all happen, or none. */
export interface WriteSet {
  readonly db: Db;
  /** An `update`/`delete`/`insert … on conflict do nothing` that must touch a row; when it touches none, the whole set fails with this error. */
  guard(statement: SqlSource, error: ErrorFactory): Statement;
  /** A condition that must hold when the set runs. */
  require(condition: SQL, error: ErrorFactory): Statement;
  /** The audit row of this change. */
  record(action: string, entry: AuditEntry): Statement;
  /** Announces a fact: an outbox row in the same set, sent to the queue after commit. */
  emit(fact: EventFact): Statement;
}

type SqlSource = { getSQL(): SQL };

export type WriteSetIdentity = {
  actorKind: string;
  actorId: string;
  requestId: string;
  now: Date;
  newEventId: () => Id<"event">;
  audit: { keyId: string; key: string };
  /** The event that this set reacts to, when it does: its inbox row goes in with the set, so that the effect happens once. */
  cause?: { consumer: string; eventId: string } | undefined;
};

/** Error codes of unique constraints that a set may run into, e.g. `{ channels_handle: watchErrors.handleTaken }`. */
export type ConstraintErrors = Readonly<Record<string, ErrorFactory>>;

/** Thrown when the event has already had its effect on this consumer: nothing is left to do. */
export class AlreadyConsumed extends Error {
  override readonly name = "AlreadyConsumed";
}

/**
 * Builds and sends one write-set as a single HTTP transaction (one round trip).
 * Guards and known constraints come back as their `AppError`; whatever else the database says is thrown as it is.
 */
export async function sendWriteSet(
  db: Db,
  identity: WriteSetIdentity,
  build: (w: WriteSet) => readonly Statement[],
  constraints: ConstraintErrors = {},
): Promise<{ events: { eventId: Id<"event">; type: string; subjectId: string }[] }> {
  const events: { eventId: Id<"event">; type: string; subjectId: string }[] = [];
  const w: WriteSet = {
    db,
    guard: (statement, error) =>
      db.execute(
        sql`with touched as ${statement} select house_require(exists (select 1 from touched), ${error.code})`,
      ) as unknown as Statement,
    require: (condition, error) =>
      db.execute(sql`select house_require((${condition}), ${error.code})`) as unknown as Statement,
    record: (action, { target, scope = identity.actorId, changes = {} }) =>
      db.execute(
        sql`select audit_append(${scope}, ${identity.now.toISOString()}::timestamptz, ${identity.actorKind}, ${identity.actorId}, ${action}, ${target}, ${identity.requestId}, ${JSON.stringify(changes)}::jsonb, ${identity.audit.keyId}, ${identity.audit.key})`,
      ) as unknown as Statement,
    emit: ({ type, id }) => {
      const eventId = identity.newEventId();
      events.push({ eventId, type, subjectId: id });
      return db.insert(outboxEvents).values({ id: eventId, type, subjectId: id, occurredAt: identity.now });
    },
  };
  const statements = [...build(w)];
  if (identity.cause)
    statements.unshift(db.insert(inboxEvents).values({ ...identity.cause, consumedAt: identity.now }));
  assert(statements.length > 0, "a write-set has statements");
  try {
    await db.batch(statements as [Statement, ...Statement[]]);
  } catch (error) {
    throw translate(error, constraints);
  }
  return { events };
}

function translate(error: unknown, constraints: ConstraintErrors): unknown {
  const refusal = databaseRefusal(error);
  if (!refusal) return error;
  if (refusal.code === "HB001") return errorOfCode(refusal.message, { cause: error }) ?? error;
  if (refusal.code === "23505" && refusal.constraint === "inbox_events_pkey") return new AlreadyConsumed();
  const named = refusal.constraint && constraints[refusal.constraint];
  if (named) return named({ cause: error });
  // Two transactions that could not both go first (SQLSTATE class 40): the loser may simply ask again.
  if (refusal.code.startsWith("40")) return houseErrors.conflict({ cause: error });
  return error;
}

/** The PostgreSQL error inside whatever the driver threw. */
export function databaseRefusal(error: unknown): { code: string; message: string; constraint?: string } | undefined {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 4; at = at.cause, depth++) {
    if (AppError.is(at)) return undefined;
    if ("code" in at && typeof at.code === "string" && /^[0-9A-Z]{5}$/.test(at.code)) {
      const constraint = "constraint" in at && typeof at.constraint === "string" ? { constraint: at.constraint } : {};
      return { code: at.code, message: at.message, ...constraint };
    }
  }
  return undefined;
}

/** Notes that the queue has these events, so that the sweep leaves them alone. */
export const markPublished = (db: Db, eventIds: readonly Id<"event">[], now: Date) =>
  db
    .update(outboxEvents)
    .set({ publishedAt: now })
    .where(inArray(outboxEvents.id, [...eventIds]));
