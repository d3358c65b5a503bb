import { SELF } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { and, eq } from "drizzle-orm";
import { openDb } from "#db/client.ts";
import { planGrants } from "#db/schema/billing.ts";
import { sessions, users } from "#db/schema/identity.ts";
import { auditLog, outboxEvents } from "#db/schema/shared.ts";
import { channels, videos, videoVersions } from "#db/schema/watch.ts";
import { houseOf } from "#worker/compose.ts";
import { hashOfToken } from "#worker/core/identity/secrets.ts";
import type { Env } from "#worker/env.ts";
import { type Id, newId, newSecret } from "#worker/kernel/ids.ts";
import { addMs, DAY_MS, HOUR_MS, systemClock } from "#worker/kernel/time.ts";
import { capturedPoster, mediaPrefixOf } from "#worker/products/watch/media-layout.ts";

export const { town, vars } = houseOf(env as unknown as Env);
export const db = openDb({ url: vars.DATABASE_URL, door: vars.DATABASE_DOOR });
export const now = () => systemClock();

export type Person = { userId: Id<"user">; token: string };

/** Somebody with a confirmed address and a bearer session. */
export async function aPerson(
  as: { role?: "user" | "admin"; verified?: boolean; premium?: boolean } = {},
): Promise<Person> {
  const userId = newId("user", now());
  const token = newSecret();
  const email = `${userId}@example.com`;
  await db.insert(users).values({
    id: userId,
    email,
    emailNormal: email,
    name: "広場 花子",
    locale: "ja",
    passwordHash: "x",
    createdAt: now(),
    role: as.role ?? "user",
    emailVerifiedAt: as.verified === false ? null : now(),
  });
  await db.insert(sessions).values({
    id: newId("session", now()),
    userId,
    kind: "bearer",
    userAgent: "test",
    createdAt: now(),
    tokenHash: await hashOfToken(token),
    idleUntil: addMs(now(), HOUR_MS),
    absoluteUntil: addMs(now(), DAY_MS),
  });
  if (as.premium)
    await db.insert(planGrants).values({ userId, plan: "premium", source: "test", startsAt: addMs(now(), -DAY_MS) });
  return { userId, token };
}

/** Somebody with a channel. */
export async function aCreator(): Promise<Person & { channelId: Id<"channel">; handle: string }> {
  const person = await aPerson();
  const channelId = newId("channel", now());
  const handle = channelId.slice(-20);
  await db
    .insert(channels)
    .values({ id: channelId, ownerId: person.userId, handle, name: "台所便り", createdAt: now() });
  return { ...person, channelId, handle };
}

type Of = { userId: Id<"user">; channelId: Id<"channel"> };

/** A video with one version and three captured posters, as the conversion leaves it: ready unless told. */
export async function aVideo(
  { userId: ownerId, channelId }: Of,
  as: Partial<typeof videos.$inferInsert> = {},
): Promise<Id<"video">> {
  const id = newId("video", now());
  await db.insert(videos).values({
    id,
    ownerId,
    channelId,
    title: "肉じゃが",
    category: "life",
    state: "ready",
    durationMs: 600_000,
    width: 1920,
    height: 1080,
    createdAt: now(),
    updatedAt: now(),
    ...(as.state === "published" ? { publishedAt: now() } : {}),
    visibility: "public",
    ...as,
  });
  await db.insert(videoVersions).values({
    ...{ videoId: id, version: 1, sourceKey: `u/${id}`, sourceBytes: 1, createdAt: now() },
    mediaPrefix: mediaPrefixOf(id, 1),
    posterCount: 3,
    durationMs: 600_000,
    storyboard: { intervalS: 10, width: 160, height: 90, count: 60 },
  });
  return id;
}

/** Puts an object where the CDN serves it, as the transcoder does. */
export async function putMedia(key: string, text: string): Promise<void> {
  const { objects } = town.ports;
  const body = new TextEncoder().encode(text);
  const { uploadId } = await objects.createMultipart("media", key, "application/octet-stream");
  const part = { key, uploadId, partNumber: 1, size: body.length, expiresInS: 60 };
  const sent = await fetch(await objects.presignPart("media", part), { method: "PUT", body });
  await objects.completeMultipart("media", key, uploadId, [{ partNumber: 1, etag: sent.headers.get("etag") ?? "" }]);
}

/** A body as text, whatever its type. */
export const textOf = async (response: Response): Promise<string> =>
  new TextDecoder().decode(await response.arrayBuffer());

export const fetched = async (url: string): Promise<string> => textOf(await fetch(url));

export async function putPosters(videoId: Id<"video">): Promise<void> {
  for (const index of [0, 1, 2]) await putMedia(capturedPoster(mediaPrefixOf(videoId, 1), index), `poster ${index}`);
}

type Asked = { as?: Person; body?: unknown; headers?: Record<string, string> };

/** Knocks at the Worker's own front gate. */
export function knock(method: string, path: string, { as, body, headers = {} }: Asked = {}): Promise<Response> {
  return SELF.fetch(`https://town.test${path}`, {
    method,
    headers: {
      origin: "https://town.test",
      ...(as ? { authorization: `Bearer ${as.token}` } : {}),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

/** How many times the answer went to the database. */
export const queriesOf = (response: Response): number =>
  Number(/"(\d+) queries"/.exec(response.headers.get("server-timing") ?? "")?.[1] ?? Number.NaN);

/** A refusal without what differs from request to request. */
export async function refusalOf(response: Response) {
  const { instance: _, timestamp: __, path: ___, ...problem } = (await response.json()) as Record<string, unknown>;
  return problem;
}

/** The audit actions on a target, oldest first. */
export async function trailOf(target: string): Promise<string[]> {
  const rows = await db.select().from(auditLog).where(eq(auditLog.target, target)).orderBy(auditLog.seq);
  return rows.map((row) => row.action);
}

export async function eventsOf(subjectId: string, type: string): Promise<number> {
  return db.$count(outboxEvents, and(eq(outboxEvents.subjectId, subjectId), eq(outboxEvents.type, type)));
}

export async function stored(videoId: Id<"video">) {
  const [row] = await db.select().from(videos).where(eq(videos.id, videoId));
  return row!;
}
