import { sql } from "drizzle-orm";
import { bigint, index, integer, jsonb, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { id, instant } from "./columns.ts";

/** Facts announced by committed write-sets, waiting for (or done with) their way to the queue. */
export const outboxEvents = pgTable(
  "outbox_events",
  {
    id: id("event").primaryKey(),
    type: text().notNull(),
    subjectId: text().notNull(),
    occurredAt: instant().notNull(),
    publishedAt: instant(),
  },
  (t) => [
    index("outbox_events_waiting")
      .on(t.occurredAt)
      .where(sql`${t.publishedAt} is null`),
  ],
);

/** Which consumer has had its effect from which event: the row is written together with that effect. */
export const inboxEvents = pgTable(
  "inbox_events",
  { consumer: text().notNull(), eventId: text().notNull(), consumedAt: instant().notNull() },
  (t) => [primaryKey({ name: "inbox_events_pkey", columns: [t.consumer, t.eventId] })],
);

/** What providers told us, once each: the provider's own event id is the key. */
export const providerEvents = pgTable(
  "provider_events",
  {
    provider: text().notNull(),
    eventId: text().notNull(),
    type: text().notNull(),
    subject: text().notNull(),
    receivedAt: instant().notNull(),
  },
  (t) => [primaryKey({ name: "provider_events_pkey", columns: [t.provider, t.eventId] })],
);

/** Messages that no consumer could handle, kept until somebody has looked. */
export const deadLetters = pgTable(
  "dead_letters",
  {
    id: id("deadLetter").primaryKey(),
    queue: text().notNull(),
    messageId: text().notNull().unique("dead_letters_message"),
    body: jsonb().notNull(),
    attempts: integer().notNull(),
    failedAt: instant().notNull(),
    replayedAt: instant(),
  },
  (t) => [
    index("dead_letters_open")
      .on(t.failedAt)
      .where(sql`${t.replayedAt} is null`),
  ],
);

/** The audit trail: append-only, one keyed hash chain per scope (an organization or a person). Written by `audit_append` alone. */
export const auditLog = pgTable(
  "audit_log",
  {
    scope: text().notNull(),
    seq: bigint({ mode: "number" }).notNull(),
    at: instant().notNull(),
    actorKind: text().notNull(),
    actorId: text().notNull(),
    action: text().notNull(),
    target: text().notNull(),
    requestId: text().notNull(),
    changes: jsonb().notNull(),
    keyId: text().notNull(),
    previousHash: text().notNull(),
    hash: text().notNull(),
  },
  (t) => [
    primaryKey({ name: "audit_log_pkey", columns: [t.scope, t.seq] }),
    index("audit_log_target").on(t.target, t.at),
  ],
);

/** The last link of each chain; its row lock is what makes `seq` gapless. */
export const auditHeads = pgTable("audit_heads", {
  scope: text().primaryKey(),
  seq: bigint({ mode: "number" }).notNull(),
  hash: text().notNull(),
});
