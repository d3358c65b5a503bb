import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { applyMigrations } from "#db/migrate.ts";
import { startNeonDoors } from "#local/neon.ts";
import { postgresHome, startPostgres } from "#local/postgres.ts";
import { freePorts } from "#local/town/ports.ts";

/** A real, migrated, empty database with the Neon doors before it. */
export interface TestRoom {
  databaseUrl: string;
  neonUrl: string;
  /** Ends the servers and removes their files. */
  stop(): Promise<void>;
}

/** Opens a room of its own on free ports, in a temporary folder: rooms never meet each other or the town. */
export async function startTestRoom(): Promise<TestRoom> {
  const dataDir = await mkdtemp(join(tmpdir(), "hiroba-room-"));
  await chmod(dataDir, 0o711); // Its own user may run the server.
  const [port = 0] = await freePorts(1);
  const postgres = await startPostgres({ dataDir: join(dataDir, "postgres"), port, durable: false });
  try {
    await applyMigrations(postgres.url);
    const neon = await startNeonDoors({ port: 0, postgresUrl: postgres.url });
    return {
      databaseUrl: postgres.url,
      neonUrl: neon.url,
      async stop() {
        await neon.stop();
        await postgres.stop();
        await removeFiles(dataDir);
      },
    };
  } catch (error) {
    await postgres.stop();
    await removeFiles(dataDir);
    throw error;
  }
}

async function removeFiles(dataDir: string): Promise<void> {
  await rm(await postgresHome(join(dataDir, "postgres")), { recursive: true, force: true });
  await rm(dataDir, { recursive: true, force: true });
}
