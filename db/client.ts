import { neon, neonConfig } from "@neondatabase/serverless";
import { sql } from "drizzle-orm";
import { drizzle, type NeonHttpDatabase } from "drizzle-orm/neon-http";

/** The database over Neon's HTTP path: one round trip per statement, or per batch. */
export type Db = NeonHttpDatabase;

export type DbOptions = {
  url: string;
  /** Base URL of a Neon-compatible door in front of a plain PostgreSQL; absent when the database is Neon itself. */
  door?: string | undefined;
  /** Called once per single statement sent. Batches are counted by whoever sends them. */
  onQuery?: () => void;
};

export function openDb({ url, door, onQuery }: DbOptions): Db {
  if (door) neonConfig.fetchEndpoint = () => new URL("/sql", door).href;
  return drizzle(neon(url), { casing: "snake_case", logger: onQuery ? { logQuery: onQuery } : false });
}

/** Throws when the database does not answer. */
export async function pingDb(db: Db): Promise<void> {
  await db.execute(sql`select 1`);
}
