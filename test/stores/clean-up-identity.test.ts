import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { expect, it } from "vitest";
import { openDb } from "#db/client.ts";
import { oneTimeTokens, sessions, users } from "#db/schema/identity.ts";
import { houseOf, systemVisit } from "#worker/compose.ts";
import { cleanUpIdentity } from "#worker/core/identity/index.ts";
import type { Env } from "#worker/env.ts";
import { newId, newSecret } from "#worker/kernel/ids.ts";
import { addMs, DAY_MS, HOUR_MS } from "#worker/kernel/time.ts";

const { DATABASE_URL, DATABASE_DOOR } = env as unknown as { DATABASE_URL: string; DATABASE_DOOR: string };
const db = openDb({ url: DATABASE_URL, door: DATABASE_DOOR });
const now = new Date();
const PAST = addMs(now, -HOUR_MS);
const FUTURE = addMs(now, DAY_MS);

it("deletes what has ended and keeps what can still be used", async () => {
  const userId = newId("user", now);
  const email = `${userId}@example.com`;
  await db.insert(users).values({
    id: userId,
    email,
    emailNormal: email,
    name: "広場 花子",
    locale: "ja",
    passwordHash: "x",
    createdAt: now,
  });
  const aSession = (
    kind: "cookie" | "bearer",
    idleUntil: Date,
    absoluteUntil: Date,
    revokedAt: Date | null = null,
  ) => ({
    id: newId("session", now),
    tokenHash: newSecret(),
    userId,
    kind,
    userAgent: "",
    createdAt: PAST,
    idleUntil,
    absoluteUntil,
    revokedAt,
  });
  const live = aSession("cookie", FUTURE, FUTURE);
  const refreshable = aSession("bearer", PAST, FUTURE);
  await db
    .insert(sessions)
    .values([
      live,
      refreshable,
      aSession("cookie", PAST, FUTURE),
      aSession("bearer", PAST, PAST),
      aSession("cookie", FUTURE, FUTURE, PAST),
    ]);
  const aToken = (expiresAt: Date, usedAt: Date | null) => ({
    id: newId("token", now),
    kind: "verify_email" as const,
    hash: newSecret(),
    userId,
    createdAt: PAST,
    expiresAt,
    usedAt,
  });
  const good = aToken(FUTURE, null);
  await db.insert(oneTimeTokens).values([good, aToken(PAST, null), aToken(FUTURE, PAST)]);

  const ctx = systemVisit(houseOf(env as unknown as Env), "cron.clean_up_identity", () => {});
  await cleanUpIdentity(ctx);
  await cleanUpIdentity(ctx);

  const left = await db.select({ id: sessions.id }).from(sessions).where(eq(sessions.userId, userId));
  expect(left.map(({ id }) => id).sort()).toEqual([live.id, refreshable.id].sort());
  const tokens = await db.select({ id: oneTimeTokens.id }).from(oneTimeTokens).where(eq(oneTimeTokens.userId, userId));
  expect(tokens).toEqual([{ id: good.id }]);
});
