import { randomInt } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import {
  CreateJobRequest$,
  type CreateJobRequest,
  type Job,
  Job$,
  JobStatus,
  Order,
  ProbeRequest$,
  type ProbeRequest,
  ProbeResponse$,
} from "@aws-sdk/client-mediaconvert";
import { readModel, writeModel } from "../aws/model-json.ts";
import {
  AwsJsonError,
  type AwsService,
  badRequest,
  parseJsonBody,
  sendAwsError,
  sendAwsJson,
} from "../aws/rest-json.ts";
import type { EventSink } from "../events/event-envelope.ts";
import { type MediaTools, NO_MEDIA_TOOLS } from "./ffmpeg.ts";
import { inspectMedia, UnreadableMedia } from "./inspect-media.ts";
import { JOB_ENUMS, parseS3Url, planJob } from "./job-plan.ts";
import { JobQueue } from "./job-queue.ts";
import { type JobRecord, JobStore } from "./job-store.ts";
import { probeResult } from "./probe-result.ts";
import type { MediaFiles } from "./publish-outputs.ts";

/** How the stand-in for AWS Elemental MediaConvert is set up. */
export interface MediaConvertOptions {
  /** Parent folder; everything lies in `<dataDir>/media-convert`. */
  dataDir: string;
  files: MediaFiles;
  /** From `findMediaTools()`; without them jobs end with error 1999 and Probe answers 500. */
  tools: MediaTools | undefined;
  events: EventSink;
  accountId?: string;
  region?: string;
  /** Encode with x264's `ultrafast` instead of `veryfast`. */
  fast?: boolean;
  /** Time between STATUS_UPDATE events. The real service's shortest is 10 s; 2 s is kinder when somebody watches. */
  statusIntervalMs?: number;
  now?: () => Date;
}

const API = "/2017-08-29";
const TOKEN_LIFETIME_MS = 60_000;
const PAGE_SIZE = 20;

function notFound(id: string): AwsJsonError {
  return new AwsJsonError(404, "NotFoundException", `The job [${id}] does not exist.`);
}

interface ListQuery {
  status: string | undefined;
  order: string;
  queue: string | undefined;
  maxResults: number;
}

function readListQuery(query: URLSearchParams): ListQuery {
  const status = query.get("status") ?? undefined;
  const order = query.get("order") ?? "DESCENDING";
  const maxResults = Number(query.get("maxResults") ?? PAGE_SIZE);
  if (status !== undefined && !(status in JobStatus))
    throw badRequest(`status: should be one of ${Object.values(JobStatus).join(", ")}`);
  if (!(order in Order)) throw badRequest(`order: should be one of ${Object.values(Order).join(", ")}`);
  if (!Number.isInteger(maxResults) || maxResults < 1 || maxResults > PAGE_SIZE)
    throw badRequest(`maxResults: should be between 1 and ${PAGE_SIZE}`);
  return { status, order, queue: query.get("queue") ?? undefined, maxResults };
}

/**
 * AWS Elemental MediaConvert on this machine: CreateJob, GetJob, ListJobs, CancelJob and Probe, with ffmpeg as the transcoder. Requests are
 * checked against the SDK's own model. Jobs live on disk and survive the process; events go to the given bus.
 */
export class MediaConvert implements AwsService {
  readonly name = "mediaconvert";
  readonly #options: Required<Omit<MediaConvertOptions, "tools">> & { tools: MediaTools | undefined };
  readonly #store: JobStore;
  readonly #queue: JobQueue;

  constructor(options: MediaConvertOptions) {
    const defaults = {
      accountId: "000000000000",
      region: "ap-northeast-1",
      fast: false,
      statusIntervalMs: 2_000,
      now: () => new Date(),
    };
    this.#options = { ...defaults, ...options };
    const folder = join(options.dataDir, "media-convert");
    this.#store = new JobStore(join(folder, "jobs"));
    this.#queue = new JobQueue({ ...this.#options, store: this.#store, workFolder: join(folder, "work") });
  }

  /** Loads the jobs of earlier runs and resumes the unfinished ones. Call once, before the first request. */
  async start(): Promise<void> {
    await this.#store.load();
    await this.#queue.start();
  }

  /** Interrupts the running job, which starts again after the next `start`. */
  stop(): Promise<void> {
    return this.#queue.stop();
  }

  /** Settles when no job is waiting or running. */
  idle(): Promise<void> {
    return this.#queue.idle();
  }

  /** All jobs, newest first. */
  jobs(): Job[] {
    return this.#store
      .list()
      .map((record) => record.job)
      .toReversed();
  }

  async handle(request: IncomingMessage, response: ServerResponse, body: Uint8Array): Promise<void> {
    try {
      const url = new URL(request.url ?? "/", "http://local");
      const { status, answer } = await this.#route(request.method ?? "GET", url, body);
      sendAwsJson(response, status, answer);
    } catch (error) {
      sendAwsError(response, error);
    }
  }

  async #route(method: string, url: URL, body: Uint8Array): Promise<{ status: number; answer: unknown }> {
    const { pathname } = url;
    if (pathname === `${API}/jobs` && method === "POST") return { status: 201, answer: await this.#createJob(body) };
    if (pathname === `${API}/jobs` && method === "GET")
      return { status: 200, answer: this.#listJobs(url.searchParams) };
    if (pathname === `${API}/probe` && method === "POST") return { status: 200, answer: await this.#probe(body) };
    const id = pathname.startsWith(`${API}/jobs/`)
      ? decodeURIComponent(pathname.slice(`${API}/jobs/`.length))
      : undefined;
    if (id !== undefined && method === "GET")
      return { status: 200, answer: { job: writeModel(Job$, this.#find(id).job) } };
    if (id !== undefined && method === "DELETE") {
      await this.#cancelJob(id);
      return { status: 202, answer: {} };
    }
    throw new AwsJsonError(404, "NotFoundException", `${method} ${pathname} is not implemented locally.`);
  }

  #find(id: string): JobRecord {
    const record = this.#store.find(id);
    if (!record) throw notFound(id);
    return record;
  }

  #queueArn(queue: string | undefined): string {
    if (queue?.startsWith("arn:")) return queue;
    return `arn:aws:mediaconvert:${this.#options.region}:${this.#options.accountId}:queues/${queue ?? "Default"}`;
  }

  /** A token is remembered for one minute only, as by the real service; afterwards the same request makes a second job. */
  #findByToken(token: string | undefined, nowMs: number): JobRecord | undefined {
    if (token === undefined) return undefined;
    return this.#store
      .list()
      .find((record) => record.job.ClientRequestToken === token && nowMs - record.createdAtMs < TOKEN_LIFETIME_MS);
  }

  async #createJob(body: Uint8Array): Promise<unknown> {
    const request = readModel<CreateJobRequest>(CreateJobRequest$, parseJsonBody(body), JOB_ENUMS);
    planJob(request);
    const now = this.#options.now();
    const earlier = this.#findByToken(request.ClientRequestToken, now.getTime());
    if (earlier) return { job: writeModel(Job$, earlier.job) };
    const id = `${now.getTime()}-${randomInt(36 ** 6)
      .toString(36)
      .padStart(6, "0")}`;
    const { Tags: _tags, ...kept } = request;
    const job: JobRecord["job"] = {
      ...kept,
      Id: id,
      Arn: `arn:aws:mediaconvert:${this.#options.region}:${this.#options.accountId}:jobs/${id}`,
      Queue: this.#queueArn(request.Queue),
      Status: "SUBMITTED",
      Priority: request.Priority ?? 0,
      UserMetadata: request.UserMetadata ?? {},
      CreatedAt: now,
      Timing: { SubmitTime: now },
      RetryCount: 0,
    };
    await this.#store.save({ job, createdAtMs: now.getTime(), outbox: [] });
    const answer = { job: writeModel(Job$, job) };
    this.#queue.wake();
    return answer;
  }

  #listJobs(query: URLSearchParams): unknown {
    const { status, order, queue, maxResults } = readListQuery(query);
    const queueArn = queue === undefined ? undefined : this.#queueArn(queue);
    const jobs = this.#store
      .list()
      .map((record) => record.job)
      .filter((job) => job.Status === (status ?? job.Status) && job.Queue === (queueArn ?? job.Queue));
    if (order === "DESCENDING") jobs.reverse();
    const token = query.get("nextToken");
    const start = token === null ? 0 : jobs.findIndex((job) => job.Id === atob(token)) + 1;
    if (token !== null && start === 0) throw badRequest("nextToken: is not valid");
    const page = jobs.slice(start, start + maxResults);
    const more = start + page.length < jobs.length;
    return { jobs: page.map((job) => writeModel(Job$, job)), ...(more ? { nextToken: btoa(page.at(-1)!.Id) } : {}) };
  }

  async #cancelJob(id: string): Promise<void> {
    const record = this.#find(id);
    if (await this.#queue.cancel(record)) return;
    throw new AwsJsonError(
      409,
      "ConflictException",
      `The job [${id}] cannot be canceled: its status is ${record.job.Status}.`,
    );
  }

  async #probe(body: Uint8Array): Promise<unknown> {
    const { InputFiles } = readModel<ProbeRequest>(ProbeRequest$, parseJsonBody(body));
    if (!InputFiles || InputFiles.length === 0) throw badRequest("/inputFiles: should have at least one input file");
    const results = [];
    for (const [index, input] of InputFiles.entries()) {
      results.push(await this.#probeFile(input.FileUrl ?? "", `/inputFiles/${index}/fileUrl`));
    }
    return writeModel(ProbeResponse$, { ProbeResults: results });
  }

  async #probeFile(url: string, path: string) {
    const location = parseS3Url(url);
    if (!location) throw badRequest(`${path}: should be an address s3://bucket/key`);
    const object = await this.#options.files.head(location.bucket, location.key);
    if (!object) throw new AwsJsonError(404, "NotFoundException", `The input file [${url}] could not be found.`);
    const { tools } = this.#options;
    if (!tools) throw new AwsJsonError(500, "InternalServerErrorException", NO_MEDIA_TOOLS);
    try {
      return await probeResult(object, await inspectMedia(tools, object.file));
    } catch (error) {
      if (!(error instanceof UnreadableMedia)) throw error;
      throw new AwsJsonError(
        422,
        "UnprocessableEntityException",
        `Unable to open input file [${url}]: [Failed probe/open: [${error.reason}]]`,
      );
    }
  }
}
