import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  CreateJobCommand,
  type CreateJobCommandInput,
  GetJobCommand,
  type Job,
  type MediaConvertClient,
} from "@aws-sdk/client-mediaconvert";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { generateDemoVideo } from "#local/media/demo-video.ts";
import { findMediaTools, type MediaTools } from "#local/media/ffmpeg.ts";
import { MediaConvert } from "#local/media/media-convert.ts";
import { FolderFiles, frontFor, mediaConvertClient, RecordingEvents, temporaryFolder } from "./media-room.ts";

function installedTools(): MediaTools {
  const found = findMediaTools();
  if (!found) throw new Error("these tests need ffmpeg; npm ci installs one");
  return found;
}

/** The transcoder the tests run. */
export const tools = installedTools();

/** Runs a program to its end. */
export const run = promisify(execFile);

/** One MediaConvert with its object store, event recorder and production client; a fresh one for every test. */
export class MediaConvertRoom {
  /** Advances by one millisecond whenever it is read. */
  clock = Date.parse("2026-04-01T00:00:00Z");
  /** Read when a service is made: encode as fast as possible, or as `npm run dev` does. */
  fast = true;
  readonly path: string;
  readonly files: FolderFiles;
  readonly events = new RecordingEvents();
  service: MediaConvert;
  client!: MediaConvertClient;
  url!: string;
  #closeFront!: () => Promise<void>;

  constructor(path: string) {
    this.path = path;
    this.files = new FolderFiles(join(path, "objects"));
    this.service = this.#newService();
  }

  #newService(): MediaConvert {
    const { path: dataDir, files, events, fast } = this;
    const now = () => new Date(this.clock++);
    return new MediaConvert({ dataDir, files, tools, events, fast, statusIntervalMs: 0, now });
  }

  async open(): Promise<void> {
    await this.service.start();
    const front = await frontFor({ name: "mediaconvert", handle: (...call) => this.service.handle(...call) });
    this.client = mediaConvertClient(front.url);
    this.url = front.url;
    this.#closeFront = front.close;
  }

  /** A new service over the old one's data, as after a restart of the process. */
  async restart(): Promise<void> {
    await this.service.stop();
    this.service = this.#newService();
    await this.service.start();
  }

  async close(): Promise<void> {
    this.client.destroy();
    await this.#closeFront();
    await this.service.stop();
  }

  /** Creates a job, waits until it has ended, and returns it as GetJob does. */
  async finish(request: CreateJobCommandInput): Promise<Job> {
    const created = await this.client.send(new CreateJobCommand(request));
    await this.service.idle();
    const { Job } = await this.client.send(new GetJobCommand({ Id: created.Job!.Id! }));
    return Job!;
  }
}

/** Gives every test of the calling file a room and all of them a few clips: `film`, `phone` (turned), `silent`, and `sound.m4a`. */
export function useMediaConvertRoom(): { current: MediaConvertRoom; clip: (name: string) => Promise<Uint8Array> } {
  let clips: Awaited<ReturnType<typeof temporaryFolder>>;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  const use = {
    current: undefined as unknown as MediaConvertRoom,
    clip: (name: string) => readFile(join(clips.path, name)),
  };
  beforeAll(async () => {
    clips = await temporaryFolder();
    const file = (name: string) => join(clips.path, name);
    const small = { seconds: 2, width: 320, height: 180 };
    await generateDemoVideo(tools, { file: file("film.mp4"), seconds: 5, width: 640, height: 360 });
    await generateDemoVideo(tools, { file: file("phone.mp4"), ...small, pattern: "fractal", rotation: 90 });
    await generateDemoVideo(tools, { file: file("silent.mp4"), ...small, pattern: "plasma", tone: false });
    await run(tools.ffmpeg, ["-v", "error", "-y", "-i", file("film.mp4"), "-vn", "-c:a", "copy", file("sound.m4a")]);
  });
  afterAll(() => clips.remove());
  beforeEach(async () => {
    folder = await temporaryFolder();
    use.current = new MediaConvertRoom(folder.path);
    await use.current.open();
  });
  afterEach(async () => {
    await use.current.close();
    await folder.remove();
  });
  return use;
}

/** What the SDK throws for an error answer of this name and status. */
export function anAwsError(name: string, status: number): unknown {
  return expect.objectContaining({ name, $metadata: expect.objectContaining({ httpStatusCode: status }) });
}
