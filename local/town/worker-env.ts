import { writeFile } from "node:fs/promises";
import { LOCAL_AWS } from "../clouds.ts";
import type { TownSecrets } from "../secrets.ts";

/** Region that the local clouds pretend to be in. */
export const LOCAL_REGION = LOCAL_AWS.region;

/** The addresses that the Worker must know. */
export interface WorkerSurroundings {
  townUrl: string;
  databaseUrl: string;
  neonUrl: string;
  awsUrl: string;
  cdnUrl: string;
}

/** The variables and secrets that differ from town to town. Those that do not stand in `wrangler.toml`. */
export function workerVariables(secrets: TownSecrets, around: WorkerSurroundings): Record<string, string> {
  return {
    DEMO: "on",
    APP_ORIGIN: around.townUrl,
    APP_SECRET: secrets.appSecret,
    AUDIT_KEY: secrets.auditKey,
    DATABASE_URL: around.databaseUrl,
    DATABASE_DOOR: around.neonUrl,
    AWS_REGION: LOCAL_REGION,
    AWS_ENDPOINT_URL: around.awsUrl,
    AWS_ACCESS_KEY_ID: secrets.aws.accessKeyId,
    AWS_SECRET_ACCESS_KEY: secrets.aws.secretAccessKey,
    AWS_EVENTS_KEY: secrets.awsEventsKey,
    UPLOADS_BUCKET: LOCAL_AWS.uploadsBucket,
    MEDIA_BUCKET: LOCAL_AWS.mediaBucket,
    MEDIACONVERT_ROLE_ARN: LOCAL_AWS.transcoderRoleArn,
    MEDIACONVERT_QUEUE_ARN: LOCAL_AWS.transcoderQueueArn,
    MAIL_FROM: LOCAL_AWS.mailFrom,
    CDN_ORIGIN: around.cdnUrl,
    CDN_KEY_PAIR_ID: secrets.cdn.keyPairId,
    CDN_PRIVATE_KEY: secrets.cdn.privateKey,
  };
}

/** Writes them in the form that `wrangler dev --env-file` reads. The file holds secrets: mode 0600. */
export async function writeEnvFile(file: string, variables: Record<string, string>): Promise<void> {
  const lines = Object.entries(variables).map(([name, value]) => `${name}='${value}'`);
  await writeFile(file, `${lines.join("\n")}\n`, { mode: 0o600 });
}
