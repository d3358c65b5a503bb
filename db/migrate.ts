import { existsSync } from "node:fs";
import { join } from "node:path";
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate } from "drizzle-orm/node-postgres/migrator";
import pg from "pg";

const MIGRATIONS_FOLDER = join(import.meta.dirname, "migrations");
const LOCK_KEY = 7_242_001; // Any fixed number: whoever migrates this database takes the same advisory lock.

/**
 * Brings the database to the newest state of `db/migrations` (drizzle-kit's folder). Two callers at once wait for
 * each other; a failing migration leaves the database as it was.
 * @returns how many migrations were applied by this call
 */
export async function applyMigrations(databaseUrl: string, folder: string = MIGRATIONS_FOLDER): Promise<number> {
  if (!existsSync(join(folder, "meta/_journal.json"))) return 0;
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query("set client_min_messages to warning");
    await client.query("select pg_advisory_lock($1)", [LOCK_KEY]);
    const before = await countApplied(client);
    await migrate(drizzle(client), { migrationsFolder: folder });
    return (await countApplied(client)) - before;
  } finally {
    await client.end(); // Ends the session, and with it the lock.
  }
}

async function countApplied(client: pg.Client): Promise<number> {
  const found = await client.query<{ name: string | null }>(
    "select to_regclass('drizzle.__drizzle_migrations') as name",
  );
  if (found.rows[0]?.name == null) return 0;
  const counted = await client.query<{ count: number }>(
    "select count(*)::int as count from drizzle.__drizzle_migrations",
  );
  return counted.rows[0]?.count ?? 0;
}

if (import.meta.main) {
  const { DATABASE_URL } = process.env;
  if (!DATABASE_URL) throw new Error("Set DATABASE_URL to the database that is to be migrated.");
  console.log(`${await applyMigrations(DATABASE_URL)} migrations applied`);
}
