import { existsSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import pg from "pg";
import type { DemoVideo } from "../media/demo-video.ts";
import { applyMigrations } from "#db/migrate.ts";
import { ROOT } from "./options.ts";

/** A demo login, as the table at the end of the start shows it. */
export interface TownLogin {
  role: string;
  email: string;
  password: string;
}

/** What the seed learns about the town. */
export interface SeedOptions {
  databaseUrl: string;
  townUrl: string;
  dataDir: string;
  log(message: string): void;
  /** Draws a demo film with ffmpeg; absent on a machine without. */
  drawFilm?: ((film: DemoVideo) => Promise<void>) | undefined;
}

interface SeedModule {
  seedTown(options: SeedOptions): Promise<{ logins: TownLogin[] } | void>;
}

interface SeededMarker {
  logins: TownLogin[];
}

const SEED_FILE = join(ROOT, "db/seed/index.ts");

/**
 * Fills a fresh database by `db/seed/index.ts`, if that exists, exactly once: `marker` is written when it has finished.
 * A seed that was interrupted is begun again on an emptied database; nobody can have used it, since the town's address
 * is only shown afterwards.
 * @param fresh whether the database was made by this start
 */
export async function seedOnce(marker: string, fresh: boolean, options: SeedOptions): Promise<TownLogin[]> {
  if (existsSync(marker)) return (JSON.parse(readFileSync(marker, "utf8")) as SeededMarker).logins;
  if (!existsSync(SEED_FILE)) return [];
  if (!fresh) await emptyDatabase(options.databaseUrl);
  const { seedTown } = (await import(pathToFileURL(SEED_FILE).href)) as SeedModule;
  const logins = (await seedTown(options))?.logins ?? [];
  await writeFile(marker, JSON.stringify({ logins } satisfies SeededMarker));
  return logins;
}

async function emptyDatabase(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query("set client_min_messages to warning");
    const schemas = await client.query<{ name: string }>(
      "select nspname as name from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'",
    );
    for (const { name } of schemas.rows) await client.query(`drop schema ${pg.escapeIdentifier(name)} cascade`);
    await client.query("create schema public");
  } finally {
    await client.end();
  }
  await applyMigrations(databaseUrl);
}
