import { copyFile, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { MediaConvertClient } from "@aws-sdk/client-mediaconvert";
import type { AwsService } from "#local/aws/rest-json.ts";
import type { EventSink, ServiceEvent } from "#local/events/event-envelope.ts";
import type { MediaFiles } from "#local/media/publish-outputs.ts";

/** A temporary folder of its own per test. */
export async function temporaryFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), "hiroba-media-"));
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) };
}

/** An object store on a folder that remembers in which order things were put. */
export class FolderFiles implements MediaFiles {
  readonly puts: { address: string; contentType: string; cacheControl: string | undefined }[] = [];
  readonly #root: string;
  readonly #types = new Map<string, string>();

  constructor(root: string) {
    this.#root = root;
  }

  path(bucket: string, key: string): string {
    return join(this.#root, bucket, key);
  }

  async head(bucket: string, key: string) {
    const file = this.path(bucket, key);
    const found = await stat(file).catch(() => undefined);
    return found && { size: found.size, contentType: this.#types.get(`${bucket}/${key}`) ?? "video/mp4", file };
  }

  async put(
    bucket: string,
    key: string,
    source: { file: string },
    meta: { contentType: string; cacheControl?: string },
  ) {
    if (bucket === "missing-bucket") throw new Error("NoSuchBucket");
    await mkdir(dirname(this.path(bucket, key)), { recursive: true });
    await copyFile(source.file, this.path(bucket, key));
    this.#types.set(`${bucket}/${key}`, meta.contentType);
    this.puts.push({
      address: `s3://${bucket}/${key}`,
      contentType: meta.contentType,
      cacheControl: meta.cacheControl,
    });
  }

  async write(bucket: string, key: string, content: Uint8Array | string): Promise<void> {
    await mkdir(dirname(this.path(bucket, key)), { recursive: true });
    await writeFile(this.path(bucket, key), content);
  }

  text(bucket: string, key: string): Promise<string> {
    return readFile(this.path(bucket, key), "utf8");
  }
}

/** An event bus that keeps what it gets and can be waited on. */
export class RecordingEvents implements EventSink {
  readonly events: ServiceEvent[] = [];
  #watchers: (() => void)[] = [];

  async publish(event: ServiceEvent): Promise<void> {
    this.events.push(event);
    for (const watcher of this.#watchers.splice(0)) watcher();
  }

  statuses(): unknown[] {
    return this.events.map((event) => event.detail["status"]);
  }

  /** The first event with this status, now or when it comes. */
  async next(status: string): Promise<ServiceEvent> {
    for (;;) {
      const found = this.events.find((event) => event.detail["status"] === status);
      if (found) return found;
      await new Promise<void>((resolve) => this.#watchers.push(resolve));
    }
  }
}

/** A loopback server that hands every request to one service, as the shared front does after checking the signature. */
export async function frontFor(service: AwsService): Promise<{ url: string; close: () => Promise<void> }> {
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => void service.handle(request, response, Buffer.concat(chunks)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()).closeAllConnections());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

/** The production client, pointed at a local front. */
export function mediaConvertClient(endpoint: string): MediaConvertClient {
  const credentials = { accessKeyId: "AKIALOCALTEST", secretAccessKey: "secret" };
  return new MediaConvertClient({ endpoint, region: "ap-northeast-1", credentials, maxAttempts: 1 });
}
