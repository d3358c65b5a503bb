import { and, desc, eq } from "drizzle-orm";
import type { Db } from "#db/client.ts";
import { channels, videos } from "#db/schema/watch.ts";
import type { Id } from "../../kernel/ids.ts";
import { type PageQuery, pageOf } from "../../kernel/page.ts";
import { cardColumns, listed, publishedBefore, publishedCursor } from "./videos.store.ts";

const columns = { id: channels.id, handle: channels.handle, name: channels.name, about: channels.about };

export const insertChannel = (db: Db, row: typeof channels.$inferInsert) => db.insert(channels).values(row);

/** The channel of a person; null before it is opened. */
export async function findOwnChannel(db: Db, ownerId: Id<"user">) {
  const [row] = await db.select(columns).from(channels).where(eq(channels.ownerId, ownerId));
  return row ?? null;
}

/** A channel with a page of what anyone may find on it, in one query; null when nobody has the handle. */
export async function findChannelPage(db: Db, handle: string, { cursor, limit }: PageQuery) {
  const rows = await db
    .select({ channel: columns, video: cardColumns })
    .from(channels)
    .leftJoin(videos, and(eq(videos.channelId, channels.id), listed, publishedBefore(cursor)))
    .where(eq(channels.handle, handle))
    .orderBy(desc(videos.publishedAt), desc(videos.id))
    .limit(limit + 1);
  const channel = rows[0]?.channel;
  if (!channel) return null;
  const found = rows.flatMap(({ video }) => (video ? [{ ...video, channel }] : []));
  return { channel, videos: pageOf(found, limit, publishedCursor) };
}
