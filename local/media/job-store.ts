import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Job, Job$ } from "@aws-sdk/client-mediaconvert";
import { readModel, writeModel } from "../aws/model-json.ts";
import type { ServiceEvent } from "../events/event-envelope.ts";

/** A job with what the service must remember about it. `outbox` holds events not yet handed over to the event bus. */
export interface JobRecord {
  job: Job & { Id: string };
  createdAtMs: number;
  outbox: ServiceEvent[];
}

const JOB_ID = /^[0-9]+-[a-z0-9]+$/;

/**
 * Jobs on disk, one JSON file each, replaced atomically (write beside, then rename): after a crash every job is as it last was.
 * All jobs are also held in memory; this is for a developer's machine.
 */
export class JobStore {
  readonly #folder: string;
  readonly #records = new Map<string, JobRecord>();
  #writes: Promise<unknown> = Promise.resolve();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Reads what an earlier process left. */
  async load(): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    for (const name of (await readdir(this.#folder)).toSorted()) {
      if (!name.endsWith(".json")) await rm(join(this.#folder, name), { recursive: true, force: true });
      else {
        const stored = JSON.parse(await readFile(join(this.#folder, name), "utf8")) as {
          job: unknown;
          createdAtMs: number;
          outbox: ServiceEvent[];
        };
        const job = readModel<JobRecord["job"]>(Job$, stored.job);
        this.#records.set(job.Id, { job, createdAtMs: stored.createdAtMs, outbox: stored.outbox });
      }
    }
  }

  /** The job with this id, if there is one. */
  find(id: string): JobRecord | undefined {
    return this.#records.get(id);
  }

  /** All jobs, oldest first. */
  list(): JobRecord[] {
    return [...this.#records.values()].toSorted(
      (a, b) => a.createdAtMs - b.createdAtMs || (a.job.Id < b.job.Id ? -1 : 1),
    );
  }

  /** Stores the record as it is now. Saves happen one after another, so the file ends as the last caller left it. */
  save(record: JobRecord): Promise<void> {
    if (!JOB_ID.test(record.job.Id)) throw new Error(`not a job id: ${record.job.Id}`);
    this.#records.set(record.job.Id, record);
    const text = JSON.stringify(
      { job: writeModel(Job$, record.job), createdAtMs: record.createdAtMs, outbox: record.outbox },
      null,
      1,
    );
    const file = join(this.#folder, `${record.job.Id}.json`);
    const write = this.#writes.then(async () => {
      await writeFile(`${file}.new`, text);
      await rename(`${file}.new`, file);
    });
    this.#writes = write.catch(() => undefined);
    return write;
  }

  /** Settles when everything asked for so far is on disk. */
  async settled(): Promise<void> {
    await this.#writes;
  }
}
