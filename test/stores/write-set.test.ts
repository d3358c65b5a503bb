import { env } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { openDb } from "#db/client.ts";
import { auditLog, inboxEvents, outboxEvents } from "#db/schema/shared.ts";
import { users } from "#db/schema/identity.ts";
import { AlreadyConsumed, sendWriteSet, type WriteSetIdentity } from "#db/write-set.ts";
import { AppError, houseErrors } from "#worker/kernel/errors.ts";
import { newId } from "#worker/kernel/ids.ts";

const { DATABASE_URL, DATABASE_DOOR } = env as unknown as { DATABASE_URL: string; DATABASE_DOOR: string };
const db = openDb({ url: DATABASE_URL, door: DATABASE_DOOR });
const now = new Date("2026-07-31T01:00:00.123Z");

function identity(actorId: string = newId("user", now), cause?: WriteSetIdentity["cause"]): WriteSetIdentity {
  const audit = { keyId: "k1", key: "a key of the audit chain, 32 bytes" };
  return {
    actorKind: "user",
    actorId,
    requestId: newId("request", now),
    now,
    newEventId: () => newId("event", now),
    audit,
    cause,
  };
}

const aUser = (id = newId("user", now)) => ({
  id,
  email: `${id}@example.com`,
  emailNormal: `${id}@example.com`,
  name: "広場 花子",
  locale: "ja" as const,
  passwordHash: "x",
  createdAt: now,
});

describe("a write-set", () => {
  it("writes change, audit row and outbox row together", async () => {
    const user = aUser();
    const { events } = await sendWriteSet(db, identity(user.id), (w) => [
      w.db.insert(users).values(user),
      w.record("identity.user.register", { target: user.id, changes: { locale: "ja" } }),
      w.emit({ type: "identity.user_registered", id: user.id }),
    ]);
    const [trail] = await db
      .select()
      .from(auditLog)
      .where(sql`${auditLog.target} = ${user.id}`);
    expect(trail).toMatchObject({
      scope: user.id,
      seq: 1,
      action: "identity.user.register",
      changes: { locale: "ja" },
      previousHash: "",
    });
    expect(trail!.at.getTime()).toBe(now.getTime());
    const [event] = await db
      .select()
      .from(outboxEvents)
      .where(sql`${outboxEvents.id} = ${events[0]!.eventId}`);
    expect(event).toMatchObject({ type: "identity.user_registered", subjectId: user.id, publishedAt: null });
  });

  it("leaves nothing behind when a guard touches no row, and says which refusal it was", async () => {
    const user = aUser();
    const refused = sendWriteSet(db, identity(user.id), (w) => [
      w.db.insert(users).values(user),
      w.record("identity.user.register", { target: user.id }),
      w.guard(
        w.db
          .update(users)
          .set({ name: "x" })
          .where(sql`false`)
          .returning({ one: sql`1` }),
        houseErrors.conflict,
      ),
    ]);
    await expect(refused).rejects.toMatchObject({ code: "house.conflict", kind: "conflict" });
    expect(await db.$count(users, sql`${users.id} = ${user.id}`)).toBe(0);
    expect(await db.$count(auditLog, sql`${auditLog.target} = ${user.id}`)).toBe(0);
  });

  it("turns a named constraint into its refusal, and throws an unnamed one as it is", async () => {
    const user = aUser();
    const again = { ...aUser(), emailNormal: user.emailNormal };
    await sendWriteSet(db, identity(), (w) => [w.db.insert(users).values(user)]);
    const insert = (constraints: Parameters<typeof sendWriteSet>[3]) =>
      sendWriteSet(db, identity(), (w) => [w.db.insert(users).values(again)], constraints);
    await expect(insert({ users_email: houseErrors.conflict })).rejects.toMatchObject({ code: "house.conflict" });
    const error: unknown = await insert({}).catch((thrown: unknown) => thrown);
    expect(AppError.is(error)).toBe(false);
  });

  it("has its effect once per event, however often the event arrives at the same time", async () => {
    const cause = { consumer: "test.consumer", eventId: newId("event", now) };
    const tries = await Promise.allSettled(
      Array.from({ length: 8 }, () => {
        const user = aUser();
        return sendWriteSet(db, identity(user.id, cause), (w) => [
          w.db.insert(users).values({ ...user, name: cause.eventId }),
        ]);
      }),
    );
    expect(tries.filter((t) => t.status === "fulfilled")).toHaveLength(1);
    for (const t of tries) if (t.status === "rejected") expect(t.reason).toBeInstanceOf(AlreadyConsumed);
    expect(await db.$count(users, sql`${users.name} = ${cause.eventId}`)).toBe(1);
    expect(await db.$count(inboxEvents, sql`${inboxEvents.eventId} = ${cause.eventId}`)).toBe(1);
  });
});

describe("the audit chain", () => {
  it("has no gaps and no forks under 30 writers at once, and every link can be recomputed", async () => {
    const scope = newId("organization", now);
    await Promise.all(
      Array.from({ length: 30 }, (_, i) =>
        sendWriteSet(db, identity(), (w) => [
          w.record("test.write", { target: `t${i}`, scope, changes: { 名: `値${i}`, b: i } }),
        ]),
      ),
    );
    const links = await db
      .select()
      .from(auditLog)
      .where(sql`${auditLog.scope} = ${scope}`)
      .orderBy(auditLog.seq);
    expect(links.map((link) => link.seq)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
    let previous = "";
    for (const link of links) {
      expect(link.previousHash).toBe(previous);
      previous = link.hash;
    }
    expect(new Set(links.map((link) => link.hash)).size).toBe(30);
  });

  it("cannot be changed or shortened, even by its owner", async () => {
    await expect(db.execute(sql`update audit_log set action = 'x'`)).rejects.toThrow();
    await expect(db.execute(sql`delete from audit_log`)).rejects.toThrow();
    await expect(db.execute(sql`truncate audit_log`)).rejects.toThrow();
  });
});
