import { join } from "node:path";
import { startAwsFront } from "./aws/front.ts";
import { startCdn } from "./cdn/start-cdn.ts";
import { startConsole } from "./console/console.ts";
import { EventBridge } from "./events/event-bridge.ts";
import { Ses } from "./mail/ses.ts";
import { type DemoVideo, generateDemoVideo } from "./media/demo-video.ts";
import { findMediaTools, NO_MEDIA_TOOLS } from "./media/ffmpeg.ts";
import { MediaConvert } from "./media/media-convert.ts";
import { ObjectDisk } from "./s3/object-disk.ts";
import { createS3Service } from "./s3/s3-service.ts";
import type { TownSecrets } from "./secrets.ts";

const HOST = "127.0.0.1";
/** What `infra/aws.yaml` makes on AWS, under the names that the local Worker is told. */
export const LOCAL_AWS = {
  region: "ap-northeast-1",
  accountId: "000000000000",
  uploadsBucket: "hiroba-uploads",
  mediaBucket: "hiroba-media",
  transcoderRoleArn: "arn:aws:iam::000000000000:role/hiroba-transcoder",
  transcoderQueueArn: "arn:aws:mediaconvert:ap-northeast-1:000000000000:queues/hiroba",
  mailFrom: "広場 Hiroba <no-reply@hiroba.example>",
} as const;
/** Objects that need a signature, and objects that do not: the two behaviours of the CDN. */
const CDN_SIGNED = ["/v/"];
const CDN_OPEN = ["/i/"];
export const EVENTS_KEY_HEADER = "x-hiroba-events-key";

/** Where the stand-ins for the outside services listen, and whom they tell what happened. */
export interface CloudsOptions {
  dataDir: string;
  /** 0 picks a free port. */
  ports: { aws: number; cdn: number; console: number };
  secrets: TownSecrets;
  /** Origins whose pages may upload and play. */
  pageOrigins: readonly string[];
  /** The Worker's address for events of AWS. */
  eventsDestinationUrl: string;
  /** Trades media quality for speed. */
  fast: boolean;
  /** Delivers events twice and in any order, as the real bus may. */
  eventChaos?: { duplicate: number; shuffle: boolean };
}

/** The running stand-ins. */
export interface Clouds {
  awsUrl: string;
  cdnUrl: string;
  consoleUrl: string;
  /** What is missing on this machine, one sentence each. */
  notices: string[];
  mediaConvert: MediaConvert;
  /** Draws a demo film; absent without ffmpeg. */
  drawFilm?: (film: DemoVideo) => Promise<void>;
  stop(): Promise<void>;
}

/** Starts the stand-ins for AWS: S3, MediaConvert, SES and EventBridge behind one endpoint, CloudFront, and a console to look at them. */
export async function startClouds(options: CloudsOptions): Promise<Clouds> {
  const { dataDir, ports, secrets } = options;
  const { region, accountId } = LOCAL_AWS;
  const now = () => new Date();
  const onError = (error: unknown) => console.error(error);
  const tools = findMediaTools();
  const disk = await openBuckets(join(dataDir, "s3"), options.pageOrigins);
  const events = new EventBridge({
    dataDir,
    region,
    accountId,
    destinations: [
      {
        name: "worker",
        url: options.eventsDestinationUrl,
        apiKeyHeader: EVENTS_KEY_HEADER,
        apiKey: secrets.awsEventsKey,
        sources: ["aws.mediaconvert"],
      },
    ],
    ...(options.eventChaos ? { chaos: options.eventChaos } : {}),
  });
  const mediaConvert = new MediaConvert({ dataDir, files: disk, tools, events, region, accountId, fast: options.fast });
  const ses = new Ses({ dataDir, region, verifiedIdentities: ["hiroba.example"] });
  await Promise.all([events.start(), ses.start()]);
  await mediaConvert.start();
  const s3 = createS3Service({ disk, onError });
  const services = [mediaConvert, ses];
  const [front, cdn, console_] = await Promise.all([
    startAwsFront({ port: ports.aws, host: HOST, region, ...secrets.aws, s3, services, now, onError }),
    startCdn({
      port: ports.cdn,
      host: HOST,
      disk,
      bucket: LOCAL_AWS.mediaBucket,
      keyPairs: { [secrets.cdn.keyPairId]: secrets.cdn.publicKeyPem },
      signedPrefixes: CDN_SIGNED,
      publicPrefixes: CDN_OPEN,
      allowedOrigins: options.pageOrigins,
      now,
      onError,
    }),
    startConsole({ port: ports.console, host: HOST, inbox: ses.inbox, mediaConvert, events }),
  ]);
  return {
    awsUrl: front.url,
    cdnUrl: cdn.url,
    consoleUrl: console_.url,
    notices: tools ? [] : [NO_MEDIA_TOOLS],
    mediaConvert,
    ...(tools ? { drawFilm: (film: DemoVideo) => generateDemoVideo(tools, film) } : {}),
    stop: async () => {
      await Promise.all([front.close(), cdn.close(), console_.stop(), mediaConvert.stop()]);
      await events.stop();
    },
  };
}

async function openBuckets(root: string, origins: readonly string[]): Promise<ObjectDisk> {
  const disk = await ObjectDisk.open(root);
  const { uploadsBucket, mediaBucket } = LOCAL_AWS;
  await Promise.all([disk.createBucket(uploadsBucket), disk.createBucket(mediaBucket)]);
  await disk.setCors(uploadsBucket, [
    {
      allowedOrigins: origins,
      allowedMethods: ["PUT"],
      allowedHeaders: ["*"],
      exposeHeaders: ["ETag"],
      maxAgeSeconds: 3_600,
    },
  ]);
  return disk;
}
