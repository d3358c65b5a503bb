import { setTimeout as sleep } from "node:timers/promises";
import { drizzle } from "drizzle-orm/node-postgres";
import pg from "pg";
import { sessions, users } from "#db/schema/identity.ts";
import { sessionTimes } from "#worker/core/identity/rules.ts";
import { hashOfToken } from "#worker/core/identity/secrets.ts";
import { newId, newSecret } from "#worker/kernel/ids.ts";
import { MINUTE_MS } from "#worker/kernel/time.ts";

const DEMO_FILMS = 3;
const CONVERSION_TAKES_MS_MAX = 10 * MINUTE_MS;

/** The secrets of one invented person. */
export interface Caller {
  bearerToken: string;
  cookieToken: string;
}

/**
 * Waits until the demo films have published themselves.
 * @returns their ids, newest first
 * @throws Error when none is there after ten minutes
 */
export async function publishedVideos(databaseUrl: string): Promise<string[]> {
  const deadline = performance.now() + CONVERSION_TAKES_MS_MAX;
  for (;;) {
    const ids = await withClient(databaseUrl, async (client) => {
      const { rows } = await client.query<{ id: string }>(
        "select id from videos where state = 'published' order by visibility = 'public' desc, published_at desc",
      );
      return rows.map((row) => row.id);
    });
    const late = performance.now() > deadline;
    if (ids.length >= DEMO_FILMS || (late && ids.length > 0)) return ids;
    if (late) throw new Error("No demo film was published: is there an ffmpeg on this machine?");
    await sleep(500);
  }
}

/** Fills the front page: copies of the published videos under new ids until there are `wanted`. They play the originals' media. */
export async function cloneVideos(databaseUrl: string, originals: string[], wanted: number): Promise<void> {
  const newest = Date.now();
  await withClient(databaseUrl, async (client) => {
    for (let n = originals.length; n < wanted; n++) {
      const publishedAt = new Date(newest - n * MINUTE_MS);
      const id = newId("video", publishedAt);
      const original = originals[n % originals.length];
      await client.query(`insert into videos select (jsonb_populate_record(v, $2)).* from videos v where id = $1`, [
        original,
        { id, published_at: publishedAt },
      ]);
      await client.query(
        `insert into video_versions select (jsonb_populate_record(v, $2)).* from video_versions v where video_id = $1`,
        [original, { video_id: id }],
      );
    }
    await client.query("analyze videos, video_versions");
  });
}

/** Invents `count` people with confirmed addresses, each signed in once as a browser and once as an API client. */
export async function inventCallers(databaseUrl: string, count: number): Promise<Caller[]> {
  return withClient(databaseUrl, async (client) => {
    const db = drizzle(client, { casing: "snake_case" });
    const now = new Date();
    const people = Array.from({ length: count }, (_, n) => newPerson(n, now));
    await db.insert(users).values(people);
    const callers = people.map(({ id }) => ({ id, bearerToken: newSecret(), cookieToken: newSecret() }));
    for (const { id, bearerToken, cookieToken } of callers) {
      await db
        .insert(sessions)
        .values([await newSession(id, "bearer", bearerToken, now), await newSession(id, "cookie", cookieToken, now)]);
    }
    return callers;
  });
}

function newPerson(n: number, now: Date): typeof users.$inferInsert & { id: `usr_${string}` } {
  const email = `caller-${n}@bench.test`;
  return {
    id: newId("user", now),
    email,
    emailNormal: email,
    emailVerifiedAt: now,
    name: `Caller ${n}`,
    locale: "ja",
    passwordHash: "!", // No password fits: these people only have sessions.
    createdAt: now,
  };
}

async function newSession(
  userId: `usr_${string}`,
  kind: "bearer" | "cookie",
  token: string,
  now: Date,
): Promise<typeof sessions.$inferInsert> {
  return {
    id: newId("session", now),
    tokenHash: await hashOfToken(token),
    userId,
    kind,
    userAgent: "bench",
    createdAt: now,
    ...sessionTimes(kind, now),
  };
}

async function withClient<T>(databaseUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
