import { sql } from "drizzle-orm";
import type { Db } from "#db/client.ts";
import { watchPositions } from "#db/schema/watch.ts";

/**
 * Keeps a bookmark. An older play session leaves a newer one's alone: playback ids are in order of their making, compared byte by byte
 * whatever the database's collation.
 */
export const keepPosition = (db: Db, row: typeof watchPositions.$inferInsert) =>
  db
    .insert(watchPositions)
    .values(row)
    .onConflictDoUpdate({
      target: [watchPositions.userId, watchPositions.videoId],
      set: { positionMs: row.positionMs, playbackId: row.playbackId, updatedAt: row.updatedAt },
      setWhere: sql`${watchPositions.playbackId} collate "C" <= excluded.playback_id collate "C"`,
    });
