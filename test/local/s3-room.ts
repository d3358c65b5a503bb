import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { S3Client, type S3ClientConfig } from "@aws-sdk/client-s3";
import { startAwsFront, type AwsService } from "#local/aws/front.ts";
import type { S3Event } from "#local/s3/events.ts";
import { ObjectDisk } from "#local/s3/object-disk.ts";
import { createS3Service } from "#local/s3/s3-service.ts";

export const REGION = "ap-northeast-1";
export const ACCESS_KEY_ID = "AKIDLOCALTEST";
export const SECRET_ACCESS_KEY = "local/test+secret";

/** An S3 endpoint of its own: a fresh directory, a free port, a clock that can be moved, and clients for it. */
export interface S3Room {
  readonly url: string;
  readonly disk: ObjectDisk;
  readonly events: S3Event[];
  readonly errors: unknown[];
  /** Milliseconds the server's clock is ahead of the real one. */
  clockOffsetMs: number;
  client(overrides?: S3ClientConfig): S3Client;
  close(): Promise<void>;
}

export async function openS3Room(services: readonly AwsService[] = []): Promise<S3Room> {
  const root = await mkdtemp(join(tmpdir(), "s3-room-"));
  const events: S3Event[] = [];
  const errors: unknown[] = [];
  const clients: S3Client[] = [];
  const disk = await ObjectDisk.open(root);
  const onError = (error: unknown) => void errors.push(error);
  const front = await startAwsFront({
    port: 0,
    host: "127.0.0.1",
    region: REGION,
    accessKeyId: ACCESS_KEY_ID,
    secretAccessKey: SECRET_ACCESS_KEY,
    s3: createS3Service({ disk, onEvent: (event) => void events.push(event), onError }),
    services,
    now: () => new Date(Date.now() + room.clockOffsetMs),
    onError,
  });
  const room: S3Room = {
    url: front.url,
    disk,
    events,
    errors,
    clockOffsetMs: 0,
    client(overrides = {}) {
      const client = new S3Client({
        endpoint: front.url,
        region: REGION,
        forcePathStyle: true,
        maxAttempts: 1,
        credentials: { accessKeyId: ACCESS_KEY_ID, secretAccessKey: SECRET_ACCESS_KEY },
        ...overrides,
      });
      clients.push(client);
      return client;
    },
    async close() {
      for (const client of clients) client.destroy();
      await front.close();
      await rm(root, { recursive: true, force: true });
    },
  };
  return room;
}

/** The name and status by which a call was refused; fails the test when it was not. */
export async function refusal(call: Promise<unknown>): Promise<{ name: string; status: number | undefined }> {
  try {
    await call;
  } catch (error) {
    const { name, $metadata } = error as { name: string; $metadata?: { httpStatusCode?: number } };
    return { name, status: $metadata?.httpStatusCode };
  }
  throw new Error("the call was not refused");
}

/** Status and error code of a plain HTTP answer. */
export async function outcome(response: Response): Promise<{ status: number; code: string | undefined }> {
  const text = await response.text();
  return { status: response.status, code: /<Code>(\w+)<\/Code>/.exec(text)?.[1] };
}
