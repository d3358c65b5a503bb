import { sql } from "drizzle-orm";
import { check, index, integer, pgTable, text } from "drizzle-orm/pg-core";
import { id, instant } from "./columns.ts";

export const users = pgTable(
  "users",
  {
    id: id("user").primaryKey(),
    /** As typed; `emailNormal` is the form that is unique. */
    email: text().notNull(),
    emailNormal: text().notNull().unique("users_email"),
    emailVerifiedAt: instant(),
    name: text().notNull(),
    locale: text().$type<"ja" | "en">().notNull(),
    role: text().$type<"user" | "admin">().notNull().default("user"),
    /** PHC string. */
    passwordHash: text().notNull(),
    createdAt: instant().notNull(),
    version: integer().notNull().default(1),
  },
  (t) => [
    check("users_role", sql`${t.role} in ('user', 'admin')`),
    check("users_locale", sql`${t.locale} in ('ja', 'en')`),
  ],
);

/** A signed-in browser (`cookie`) or API client (`bearer`). Only the SHA-256 of the token is here. */
export const sessions = pgTable(
  "sessions",
  {
    id: id("session").primaryKey(),
    tokenHash: text().notNull().unique("sessions_token"),
    userId: id("user")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    kind: text().$type<"cookie" | "bearer">().notNull(),
    userAgent: text().notNull(),
    createdAt: instant().notNull(),
    /** Moves with use; never past `absoluteUntil`. */
    idleUntil: instant().notNull(),
    absoluteUntil: instant().notNull(),
    revokedAt: instant(),
    /** Bearer sessions: the hash of the one refresh token that is good now. */
    refreshHash: text().unique("sessions_refresh"),
  },
  (t) => [index("sessions_user").on(t.userId), check("sessions_kind", sql`${t.kind} in ('cookie', 'bearer')`)],
);

/** Secrets sent by mail, good once. Only the SHA-256 is here. */
export const oneTimeTokens = pgTable(
  "one_time_tokens",
  {
    id: id("token").primaryKey(),
    kind: text().$type<"verify_email">().notNull(),
    hash: text().notNull().unique("one_time_tokens_hash"),
    userId: id("user")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    createdAt: instant().notNull(),
    expiresAt: instant().notNull(),
    usedAt: instant(),
  },
  (t) => [index("one_time_tokens_user").on(t.userId)],
);
