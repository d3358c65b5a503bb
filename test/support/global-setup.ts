import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { startClouds } from "#local/clouds.ts";
import { loadSecrets } from "#local/secrets.ts";
import { workerVariables } from "#local/town/worker-env.ts";
import { startTestRoom } from "./rooms.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** The Worker's variables: a database, an AWS endpoint and a CDN of this run's own. */
    variables: Record<string, string>;
    inboxUrl: string;
  }
}

/** Nobody listens there: tests bring MediaConvert's events to the Worker themselves. */
const NO_DESTINATION = "http://127.0.0.1:9/hooks/aws/events";

/** Opens a real, empty town for the tests inside workerd: Postgres behind the Neon doors, and the clouds. */
export default async function openTown({ provide }: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), "hiroba-clouds-"));
  const secrets = await loadSecrets(join(dataDir, "secrets.json"));
  const [room, clouds] = await Promise.all([
    startTestRoom(),
    startClouds({
      dataDir,
      ports: { aws: 0, cdn: 0, console: 0 },
      secrets,
      pageOrigins: ["https://town.test"],
      eventsDestinationUrl: NO_DESTINATION,
      fast: true,
    }),
  ]);
  const variables = workerVariables(secrets, {
    townUrl: "https://town.test",
    databaseUrl: room.databaseUrl,
    neonUrl: room.neonUrl,
    awsUrl: clouds.awsUrl,
    cdnUrl: clouds.cdnUrl,
  });
  provide("variables", variables);
  provide("inboxUrl", `${clouds.consoleUrl}/mail/api/messages`);
  return async () => {
    await Promise.all([room.stop(), clouds.stop()]);
    await rm(dataDir, { recursive: true, force: true });
  };
}
