import { env } from "cloudflare:workers";
import { openDb } from "#db/client.ts";
import { users } from "#db/schema/identity.ts";
import { channels } from "#db/schema/watch.ts";
import { houseOf } from "#worker/compose.ts";
import { type Actor, type Ctx, makeCtx, type Town, type UserActor } from "#worker/context.ts";
import type { Env } from "#worker/env.ts";
import { newId } from "#worker/kernel/ids.ts";
import type { Ports } from "#worker/ports/index.ts";
import { startUpload } from "#worker/products/watch/index.ts";
import type { UploadView } from "#worker/products/watch/index.ts";

const house = houseOf(env as unknown as Env);
export const db = openDb({ url: house.vars.DATABASE_URL, door: house.vars.DATABASE_DOOR });

/** A town of a test's own: the real one, with what the test leads instead. Events stay in the outbox until the test acts on them. */
export class TestTown {
  /** Milliseconds that this town's clock is ahead. */
  aheadMs = 0;
  readonly later: Promise<unknown>[] = [];
  readonly #town: Town;

  constructor(ports: Partial<Ports> = {}) {
    const clock = () => new Date(Date.now() + this.aheadMs);
    this.#town = {
      ...house.town,
      clock,
      ports: { ...house.town.ports, outbox: { send: () => Promise.resolve() }, ...ports },
    };
  }

  ctx(actor: Actor, cause?: { consumer: string; eventId: string }): Ctx {
    return makeCtx(this.#town, {
      db: () => db,
      actor,
      requestId: newId("request", new Date()),
      locale: "ja",
      address: "192.0.2.1",
      userAgent: "test",
      waitUntil: (work) => void this.later.push(work),
      cause,
      log: () => undefined,
    });
  }

  get system(): Ctx {
    return this.ctx({ kind: "system", name: "test" });
  }

  /** A ctx in which the house reacts to a fresh event. */
  get reacting(): Ctx {
    return this.ctx({ kind: "system", name: "test" }, { consumer: "test", eventId: newId("event", new Date()) });
  }
}

/** A person with a confirmed address, and a channel unless told. */
export async function aCreator({ channel = true } = {}): Promise<UserActor> {
  const now = new Date();
  const userId = newId("user", now);
  const email = `${userId}@example.com`;
  const person = { name: "広場 花子", locale: "ja" as const, passwordHash: "x", createdAt: now };
  await db.insert(users).values({ id: userId, email, emailNormal: email, emailVerifiedAt: now, ...person });
  if (channel)
    await db.insert(channels).values({
      id: newId("channel", now),
      ownerId: userId,
      handle: userId.slice(-20),
      name: "花子の広場",
      createdAt: now,
    });
  return {
    ...{ kind: "user", via: "cookie", role: "user", name: person.name, emailVerified: true },
    userId,
    sessionId: newId("session", now),
  } as UserActor;
}

/** Starts an upload of these bytes. */
export function start(
  ctx: Ctx,
  bytes: Uint8Array,
  fileName = "夏の旅.mp4",
): Promise<UploadView & { resumed: boolean }> {
  return startUpload(ctx, {
    fileName,
    sizeBytes: bytes.length,
    contentType: "video/mp4",
    fingerprint: `${fileName}-${bytes.length}`,
  });
}
