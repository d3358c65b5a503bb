import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { JobPhase } from "@aws-sdk/client-mediaconvert";
import type { EventSink } from "../events/event-envelope.ts";
import type { MediaTools } from "./ffmpeg.ts";
import { completionDetails, inputDetails, jobEvent, type JobEventStatus, progressDetails } from "./job-events.ts";
import { JobFailure } from "./job-failure.ts";
import { planJob } from "./job-plan.ts";
import type { JobRecord, JobStore } from "./job-store.ts";
import type { MediaFiles } from "./publish-outputs.ts";
import { type JobOutcome, JobStopped, runJob } from "./run-job.ts";

/** What the queue works with. */
export interface JobQueueOptions {
  store: JobStore;
  workFolder: string;
  files: MediaFiles;
  tools: MediaTools | undefined;
  events: EventSink;
  accountId: string;
  fast: boolean;
  statusIntervalMs: number;
  now: () => Date;
}

/**
 * Runs submitted jobs one at a time, oldest first. A job's state is on disk before anybody is told of it: events wait in the job's outbox until
 * the event bus has stored them. A job that was running when the process died starts again from the beginning, in a fresh folder.
 */
export class JobQueue {
  readonly #options: JobQueueOptions;
  #running: { id: string; abort: AbortController; canceled: boolean } | undefined;
  #stopped = false;
  #pump: Promise<void> = Promise.resolve();
  #deliveries: Promise<void> = Promise.resolve();
  #attempt = 0;

  constructor(options: JobQueueOptions) {
    this.#options = options;
  }

  /** Puts interrupted jobs back in the queue, hands over events an earlier process could not, and starts working. */
  async start(): Promise<void> {
    await rm(this.#options.workFolder, { recursive: true, force: true, maxRetries: 5 });
    await mkdir(this.#options.workFolder, { recursive: true });
    for (const record of this.#options.store.list()) {
      if (record.job.Status === "PROGRESSING") {
        record.job.Status = "SUBMITTED";
        record.job.JobPercentComplete = 0;
        delete record.job.CurrentPhase;
        await this.#options.store.save(record);
      }
      await this.#deliver(record);
    }
    this.wake();
  }

  /** Looks for work unless already working. */
  wake(): void {
    this.#pump = this.#pump.then(() => this.#work());
  }

  /** Settles when every submitted job has ended. */
  async idle(): Promise<void> {
    let seen: Promise<void> | undefined;
    while (seen !== this.#pump) {
      seen = this.#pump;
      await seen;
    }
  }

  /** Ends a job that has not ended yet; false when it had already. */
  async cancel(record: JobRecord): Promise<boolean> {
    const { Status } = record.job;
    if (Status !== "SUBMITTED" && Status !== "PROGRESSING") return false;
    if (this.#running?.id === record.job.Id) {
      this.#running.canceled = true;
      this.#running.abort.abort();
    }
    await this.#end(record, "CANCELED");
    return true;
  }

  /** Stops the running job where it is (it runs again after the next start) and takes no other. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#running?.abort.abort();
    await this.#pump;
    await this.#deliveries;
    await this.#options.store.settled();
  }

  async #work(): Promise<void> {
    for (;;) {
      const next = this.#options.store.list().find((record) => record.job.Status === "SUBMITTED");
      if (!next || this.#stopped) return;
      await this.#run(next);
    }
  }

  async #run(record: JobRecord): Promise<void> {
    const abort = new AbortController();
    const running = { id: record.job.Id, abort, canceled: false };
    this.#running = running;
    this.#attempt += 1;
    const startedAt = this.#options.now();
    record.job.Status = "PROGRESSING";
    record.job.Timing = { ...record.job.Timing, StartTime: startedAt };
    await this.#report(record, "PROGRESSING", startedAt.toISOString());
    const reporter = this.#progressReporter(record, startedAt, running);
    try {
      const outcome = await runJob({
        plan: planJob(record.job),
        folder: join(this.#options.workFolder, `${record.job.Id}-${startedAt.getTime()}-${this.#attempt}`),
        tools: this.#options.tools,
        files: this.#options.files,
        fast: this.#options.fast,
        signal: abort.signal,
        ...reporter.callbacks,
      });
      await reporter.settled();
      if (!running.canceled) await this.#complete(record, outcome);
    } catch (error) {
      await reporter.settled();
      if (running.canceled || error instanceof JobStopped) return;
      await this.#fail(record, error);
    } finally {
      this.#running = undefined;
    }
  }

  #progressReporter(record: JobRecord, startedAt: Date, running: { canceled: boolean }) {
    let reports: Promise<void> = Promise.resolve();
    let lastUpdateAt = startedAt.getTime();
    const report = (status: JobEventStatus, occasion: string, extra: Record<string, unknown>): void => {
      reports = reports.then(() => (running.canceled ? undefined : this.#report(record, status, occasion, extra)));
    };
    const callbacks = {
      onInput: (info: Parameters<typeof inputDetails>[1]) =>
        report(
          "INPUT_INFORMATION",
          startedAt.toISOString(),
          inputDetails(record.job.Settings?.Inputs?.[0]?.FileInput ?? "", info),
        ),
      onProgress: (phase: JobPhase, percent: number) => {
        if (running.canceled) return;
        record.job.CurrentPhase = phase;
        record.job.JobPercentComplete = percent;
        const now = this.#options.now().getTime();
        if (now - lastUpdateAt < this.#options.statusIntervalMs) return;
        lastUpdateAt = now;
        report("STATUS_UPDATE", String(now), progressDetails(phase, percent));
      },
    };
    return { callbacks, settled: () => reports };
  }

  async #complete(record: JobRecord, outcome: JobOutcome): Promise<void> {
    record.job.JobPercentComplete = 100;
    record.job.OutputGroupDetails = outcome.groups.map((group) => ({
      OutputDetails: group.outputDetails.map((output) => ({
        DurationInMs: output.durationInMs,
        ...(output.videoDetails
          ? { VideoDetails: { WidthInPx: output.videoDetails.widthInPx, HeightInPx: output.videoDetails.heightInPx } }
          : {}),
      })),
    }));
    if (outcome.warnings.length > 0) {
      record.job.Warnings = outcome.warnings;
      record.job.Messages = { Info: [], Warning: outcome.messages };
    }
    await this.#end(record, "COMPLETE", completionDetails(outcome.groups, outcome.warnings));
  }

  async #fail(record: JobRecord, error: unknown): Promise<void> {
    const failure =
      error instanceof JobFailure
        ? error
        : new JobFailure(1999, error instanceof Error ? error.message : String(error));
    record.job.ErrorCode = failure.code;
    record.job.ErrorMessage = failure.message;
    await this.#end(record, "ERROR", { errorCode: failure.code, errorMessage: failure.message });
  }

  async #end(
    record: JobRecord,
    status: "COMPLETE" | "ERROR" | "CANCELED",
    extra: Record<string, unknown> = {},
  ): Promise<void> {
    record.job.Status = status;
    record.job.Timing = { ...record.job.Timing, FinishTime: this.#options.now() };
    delete record.job.CurrentPhase;
    await this.#report(record, status, "end", extra);
  }

  async #report(
    record: JobRecord,
    status: JobEventStatus,
    occasion: string,
    extra: Record<string, unknown> = {},
  ): Promise<void> {
    const { now, accountId, store } = this.#options;
    record.outbox.push(jobEvent(record, status, { now: now(), accountId, occasion, extra }));
    await store.save(record);
    await this.#deliver(record);
  }

  /** Hands over one event after another; what the bus does not take stays in the outbox for the next report or the next start. */
  #deliver(record: JobRecord): Promise<void> {
    this.#deliveries = this.#deliveries.then(async () => {
      if (record.outbox.length === 0) return;
      for (let event = record.outbox[0]; event; event = record.outbox[0]) {
        const taken = await this.#options.events.publish(event).then(
          () => true,
          () => false,
        );
        if (!taken) return;
        record.outbox.shift();
      }
      await this.#options.store.save(record);
    });
    return this.#deliveries;
  }
}
