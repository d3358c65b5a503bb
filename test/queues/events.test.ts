import { env } from "cloudflare:workers";
import {
  createExecutionContext,
  createMessageBatch,
  createScheduledController,
  getQueueResult,
  SELF,
  waitOnExecutionContext,
} from "cloudflare:test";
import { eq, sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { openDb } from "#db/client.ts";
import { auditLog, deadLetters, outboxEvents } from "#db/schema/shared.ts";
import { api } from "#worker/api.ts";
import { houseOf, visit } from "#worker/compose.ts";
import type { Env } from "#worker/env.ts";
import worker from "#worker/index.ts";
import { newId } from "#worker/kernel/ids.ts";
import { aPerson, type Person } from "../routes/watch-room.ts";

const bindings = env as unknown as Env;
const db = openDb({ url: bindings.DATABASE_URL!, door: bindings.DATABASE_DOOR });
const MINUTE_MS = 60_000;

async function deliver(queue: string, bodies: readonly unknown[]) {
  const messages = bodies.map((body) => ({
    id: newId("request", new Date()),
    timestamp: new Date(),
    attempts: 1,
    body,
  }));
  const batch = createMessageBatch(queue, messages);
  const ctx = createExecutionContext();
  await worker.queue(batch as MessageBatch<unknown>, bindings, ctx);
  await waitOnExecutionContext(ctx);
  return { messages, result: await getQueueResult(batch, ctx) };
}

const anEvent = (type: string, subjectId: string) => ({ v: 1, eventId: newId("event", new Date()), type, subjectId });

describe("the events queue", () => {
  it("acknowledges events that nobody reacts to, and reactions that find nothing to do", async () => {
    const gone = newId("video", new Date());
    const { messages, result } = await deliver("hiroba-events", [
      anEvent("nobody.cares", "x"),
      anEvent("watch.source_accepted", gone),
    ]);
    expect(result.explicitAcks).toEqual(messages.map((message) => message.id));
  });

  it("tries poison again, later, without holding up what came with it", async () => {
    const { messages, result } = await deliver("hiroba-events", [
      { poison: true },
      anEvent("nobody.cares", "x"),
      "text",
    ]);
    expect(result.explicitAcks).toEqual([messages[1]!.id]);
    expect(result.retryMessages.map((message: { msgId: string }) => message.msgId)).toEqual([
      messages[0]!.id,
      messages[2]!.id,
    ]);
  });
});

describe("the dead letters", () => {
  it("are kept once, with their audit row", async () => {
    const body = anEvent("nobody.cares", newId("video", new Date()));
    const ctx = createExecutionContext();
    const message = { id: newId("request", new Date()), timestamp: new Date(), attempts: 6, body };
    for (let again = 0; again < 2; again++) {
      const batch = createMessageBatch("hiroba-events-dlq", [message]);
      await worker.queue(batch as MessageBatch<unknown>, bindings, ctx);
      expect((await getQueueResult(batch, ctx)).explicitAcks).toEqual([message.id]);
    }
    const kept = await db.select().from(deadLetters).where(eq(deadLetters.messageId, message.id));
    expect(kept).toHaveLength(1);
    expect(kept[0]).toMatchObject({ queue: "hiroba-events-dlq", body, replayedAt: null });
    expect(await db.$count(auditLog, eq(auditLog.target, kept[0]!.id))).toBe(1);
  });

  it("are listed and replayed by an operator, once, and by nobody else", async () => {
    const body = anEvent("nobody.cares", newId("video", new Date()));
    const id = newId("deadLetter", new Date());
    await db.insert(deadLetters).values({ id, queue: "q", messageId: id, body, attempts: 6, failedAt: new Date() });
    const [admin, person] = await Promise.all([aPerson({ role: "admin" }), aPerson()]);
    const as = ({ token }: Person, path: string, method = "GET") =>
      SELF.fetch(`https://town.test/api/v1/admin/dead-letters${path}`, {
        method,
        headers: { authorization: `Bearer ${token}` },
      });
    const { items } = await (await as(admin, "?limit=100")).json<{ items: { id: string }[] }>();
    expect(items.map((letter) => letter.id)).toContain(id);
    expect((await as(person, `/${id}/replay`, "POST")).status).toBe(403);
    expect((await as(admin, `/${newId("deadLetter", new Date())}/replay`, "POST")).status).toBe(404);
    expect((await as(admin, `/${id}/replay`, "POST")).status).toBe(204);
    const again = await as(admin, `/${id}/replay`, "POST");
    expect(again.status).toBe(409);
    expect(await again.json()).toMatchObject({ code: "admin.already_replayed" });
    const trail = await db.select().from(auditLog).where(eq(auditLog.target, id));
    expect(trail).toMatchObject([{ action: "admin.dead_letter.replay", actorId: admin.userId }]);
  });
});

describe("the clock", () => {
  it("sends events that committed but never reached the queue, and leaves fresh ones to their sender", async () => {
    const now = Date.now();
    const row = (ageMs: number) => ({
      id: newId("event", new Date(now - ageMs)),
      type: "nobody.cares",
      subjectId: "x",
      occurredAt: new Date(now - ageMs),
    });
    const [stranded, fresh] = [row(5 * MINUTE_MS), row(0)];
    await db.insert(outboxEvents).values([stranded, fresh]);
    const ctx = createExecutionContext();
    await worker.scheduled(createScheduledController({ cron: "* * * * *", scheduledTime: new Date() }), bindings, ctx);
    await waitOnExecutionContext(ctx);
    const published = await db
      .select({ id: outboxEvents.id })
      .from(outboxEvents)
      .where(sql`${outboxEvents.id} in (${stranded.id}, ${fresh.id}) and ${outboxEvents.publishedAt} is not null`);
    expect(published).toEqual([{ id: stranded.id }]);
  });

  it("lets only the house itself sweep", async () => {
    const ctx = createExecutionContext();
    const nobody = visit(houseOf(bindings), { actor: { kind: "anonymous" }, waitUntil: (work) => ctx.waitUntil(work) });
    await expect(api.admin.sweepOutbox(nobody)).rejects.toMatchObject({ code: "house.unauthenticated" });
  });
});
