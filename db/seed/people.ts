import type { NodePgDatabase } from "drizzle-orm/node-postgres";
import { newId } from "#worker/kernel/ids.ts";
import { DEMO_LOGINS, DEMO_PASSWORD_HASH } from "#worker/core/identity/index.ts";
import { planGrants } from "../schema/billing.ts";
import { users } from "../schema/identity.ts";

export const demoPeople = DEMO_LOGINS;

const NAMES: Record<(typeof DEMO_LOGINS)[number]["role"], string> = {
  creator: "つくる 花",
  viewer: "みる 太郎",
  premium: "会員 さくら",
  admin: "管理 守",
};

/** The demo logins as people with confirmed addresses; the Premium viewer has the plan without an end. */
export async function insertPeople(db: NodePgDatabase): Promise<void> {
  const now = new Date();
  const rows = demoPeople.map(({ role, email }) => ({
    id: newId("user", now),
    email,
    emailNormal: email,
    emailVerifiedAt: now,
    name: NAMES[role],
    locale: "ja" as const,
    role: role === "admin" ? ("admin" as const) : ("user" as const),
    passwordHash: DEMO_PASSWORD_HASH,
    createdAt: now,
  }));
  await db.insert(users).values(rows);
  const premium = rows[demoPeople.findIndex((person) => person.role === "premium")]!;
  await db.insert(planGrants).values({ userId: premium.id, plan: "premium", source: "demo", startsAt: now });
}
