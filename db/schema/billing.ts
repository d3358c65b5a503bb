import { sql } from "drizzle-orm";
import { check, index, pgTable, text } from "drizzle-orm/pg-core";
import { id, instant } from "./columns.ts";
import { users } from "./identity.ts";

/** What a person may use, from when until when (half-open), and where that right comes from. */
export const planGrants = pgTable(
  "plan_grants",
  {
    userId: id("user")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    plan: text().$type<"premium">().notNull(),
    source: text().notNull(),
    startsAt: instant().notNull(),
    endsAt: instant(),
  },
  (t) => [
    index("plan_grants_user").on(t.userId, t.endsAt),
    check("plan_grants_plan", sql`${t.plan} in ('premium')`),
    check("plan_grants_window", sql`${t.endsAt} is null or ${t.endsAt} > ${t.startsAt}`),
  ],
);
