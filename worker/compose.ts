import { type Db, openDb } from "#db/client.ts";
import { makeCloudFront } from "./adapters/cdn/cloudfront.ts";
import { makeObjectLimiter } from "./adapters/limiter/durable-object.ts";
import { makeSesMailer } from "./adapters/mailer/ses.ts";
import { makeS3Objects } from "./adapters/objects/s3.ts";
import { makeQueueOutbox } from "./adapters/outbox/queue.ts";
import { makeArgon2Passwords } from "./adapters/passwords/argon2.ts";
import { makeMediaConvert } from "./adapters/transcoder/media-convert.ts";
import { type Actor, type Ctx, makeCtx, type Town } from "./context.ts";
import { type Env, type EnvVariables, envSchema } from "./env.ts";
import { forgetKept } from "./http/edge-cache.ts";
import { newId } from "./kernel/ids.ts";
import { DEFAULT_LOCALE, type Locale } from "./kernel/locale.ts";
import { systemClock } from "./kernel/time.ts";
import { log } from "./log.ts";
import { watchEvents } from "./products/watch/index.ts";
import { makeSealer } from "./sealer.ts";

/** After these the pages that everybody shares are no longer true. Other isolates find out when what they keep runs out. */
const CHANGES_WHAT_IS_PUBLIC: ReadonlySet<string> = new Set([
  watchEvents.videoPublished,
  watchEvents.videoUnpublished,
  watchEvents.videoDeleted,
]);

export type House = { town: Town; vars: EnvVariables };

const houses = new WeakMap<Env, House>();

/** The town of this isolate: variables checked, adapters chosen. Made once per environment object. */
export function houseOf(env: Env): House {
  let house = houses.get(env);
  if (!house) {
    house = build(env);
    houses.set(env, house);
  }
  return house;
}

function build(env: Env): House {
  const checked = envSchema.safeParse(env);
  if (!checked.success)
    throw new Error(`environment: ${checked.error.issues.map((i) => `${i.path.join(".")} ${i.message}`).join("; ")}`);
  const vars = checked.data;
  const aws = {
    region: vars.AWS_REGION,
    endpoint: vars.AWS_ENDPOINT_URL,
    accessKeyId: vars.AWS_ACCESS_KEY_ID,
    secretAccessKey: vars.AWS_SECRET_ACCESS_KEY,
  };
  const town: Town = {
    ports: {
      objects: makeS3Objects({ ...aws, buckets: { uploads: vars.UPLOADS_BUCKET, media: vars.MEDIA_BUCKET } }),
      transcoder: makeMediaConvert({
        ...aws,
        roleArn: vars.MEDIACONVERT_ROLE_ARN,
        queueArn: vars.MEDIACONVERT_QUEUE_ARN,
      }),
      cdn: makeCloudFront({
        origin: vars.CDN_ORIGIN,
        keyPairId: vars.CDN_KEY_PAIR_ID,
        privateKey: vars.CDN_PRIVATE_KEY,
      }),
      mailer: makeSesMailer({ ...aws, from: vars.MAIL_FROM }),
      limiter: makeObjectLimiter(env.RATE_LIMITER),
      passwords: makeArgon2Passwords(),
      outbox: makeQueueOutbox(env.EVENTS),
    },
    settings: { origin: vars.APP_ORIGIN, demo: vars.DEMO === "on", uploadBytesMax: vars.UPLOAD_BYTES_MAX },
    sealer: makeSealer(vars.APP_SECRET, { awsEvents: vars.AWS_EVENTS_KEY }),
    audit: { keyId: vars.AUDIT_KEY_ID, key: vars.AUDIT_KEY },
    clock: systemClock,
    onAnnounced: (types) => {
      if (types.some((type) => CHANGES_WHAT_IS_PUBLIC.has(type))) forgetKept();
    },
  };
  return { town, vars };
}

type Occasion = {
  actor: Actor;
  waitUntil: (work: Promise<unknown>) => void;
  requestId?: string;
  locale?: Locale;
  address?: string;
  userAgent?: string;
  cause?: { consumer: string; eventId: string };
  onQuery?: () => void;
};

/** A ctx for one request, message or tick. */
export function visit({ town, vars }: House, occasion: Occasion): Ctx {
  // Opened with the first query: what the edge cache answers needs none
  let db: Db | undefined;
  return makeCtx(town, {
    db: () =>
      (db ??= openDb({
        url: vars.DATABASE_URL,
        door: vars.DATABASE_DOOR,
        ...(occasion.onQuery ? { onQuery: occasion.onQuery } : {}),
      })),
    actor: occasion.actor,
    requestId: occasion.requestId ?? newId("request", town.clock()),
    locale: occasion.locale ?? DEFAULT_LOCALE,
    address: occasion.address ?? "",
    userAgent: occasion.userAgent ?? "",
    waitUntil: occasion.waitUntil,
    cause: occasion.cause,
    log,
  });
}

/** A ctx in which the house itself acts. */
export function systemVisit(
  house: House,
  name: string,
  waitUntil: Occasion["waitUntil"],
  cause?: Occasion["cause"],
): Ctx {
  return visit(house, { actor: { kind: "system", name }, waitUntil, ...(cause ? { cause } : {}) });
}
