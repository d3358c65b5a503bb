import type { JobState } from "#db/schema/watch.ts";
import type { Id } from "../../kernel/ids.ts";
import type { TranscodeStatus } from "../../ports/transcoder.ts";

/** A conversion as far as its course decides. `remoteId` is the service's id for the present attempt; null until it was ordered. */
export type JobCourse = { state: JobState; attempt: number; remoteId: string | null; percent: number };

/** What a service said about one of its jobs. */
export type Report = { remoteId: string; status: TranscodeStatus };

/** What a report means: nothing, one step on, or an end. `retry`: the same work is ordered once more. */
export type Outcome = "unchanged" | "progressed" | "complete" | "retry" | "failed" | "canceled";

/** How often one request is tried before somebody has to ask again. */
export const TRIES = 3;

const RANK: Readonly<Record<JobState, number>> = {
  queued: 0,
  submitted: 1,
  progressing: 2,
  complete: 3,
  failed: 3,
  canceled: 3,
};

export const isOpen = (state: JobState): boolean => RANK[state] < RANK.complete;

/**
 * Takes one report into account. Reports come late, twice, out of order and about attempts long given up: what is over stays over, nothing
 * moves back, and the order of reports does not matter.
 */
export function applyStatus(job: JobCourse, { remoteId, status }: Report): { job: JobCourse; outcome: Outcome } {
  if (remoteId !== job.remoteId || !isOpen(job.state)) return { job, outcome: "unchanged" };
  if (status.state === "error") return failAttempt(job);
  if (status.state === "canceled") return { job: { ...job, state: "canceled", percent: 0 }, outcome: "canceled" };
  if (status.state === "complete") return { job: { ...job, state: "complete", percent: 100 }, outcome: "complete" };
  const state = RANK[status.state] > RANK[job.state] ? status.state : job.state;
  const percent = Math.max(job.percent, status.percent);
  if (state === job.state && percent === job.percent) return { job, outcome: "unchanged" };
  return { job: { ...job, state, percent }, outcome: "progressed" };
}

/** The present attempt came to nothing: another one, while there are tries left. */
export function failAttempt(job: JobCourse): { job: JobCourse; outcome: "retry" | "failed" } {
  if (job.attempt % TRIES === 0) return { job: { ...job, state: "failed", percent: 0 }, outcome: "failed" };
  return { job: { state: "queued", attempt: job.attempt + 1, remoteId: null, percent: 0 }, outcome: "retry" };
}

/** A fresh round of tries, asked for by a person. Attempts are never numbered twice, because the number is part of the reference. */
export function askAgain(job: JobCourse): JobCourse {
  return { state: "queued", attempt: Math.ceil(job.attempt / TRIES) * TRIES + 1, remoteId: null, percent: 0 };
}

/** The name of one attempt with the service. */
export const referenceOf = (jobId: Id<"job">, attempt: number): string => `${jobId}.${attempt}`;

/** The job that a reference names; what is no reference of ours names nothing that exists. */
export const jobOfReference = (reference: string): string => reference.split(".")[0]!;
