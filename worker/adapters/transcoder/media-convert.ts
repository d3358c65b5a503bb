import type { Job } from "@aws-sdk/client-mediaconvert";
import { assert } from "../../kernel/assert.ts";
import { MINUTE_MS } from "../../kernel/time.ts";
import type { Transcoder, TranscodeStatus } from "../../ports/transcoder.ts";
import { type AwsOptions, clientOptions } from "../aws/client-options.ts";
import { awsStatus, isUnavailable } from "../aws/failure.ts";
import { transcoderErrors } from "./errors.ts";
import { jobRequest } from "./media-convert-settings.ts";
import { mediaProbeOf } from "./probe-answer.ts";

export type MediaConvertOptions = AwsOptions & { roleArn: string; queueArn: string };

type Sdk = typeof import("./media-convert-sdk.ts");
type Open = { sdk: Sdk; client: InstanceType<Sdk["MediaConvertClient"]> };

/** ListJobs gives twenty at a time, newest first; a job whose answer was lost is among the latest. */
const PAGES_MAX = 10;

/** AWS Elemental MediaConvert. The SDK is loaded at first use. */
export function makeMediaConvert({ roleArn, queueArn, ...aws }: MediaConvertOptions): Transcoder {
  const mediaConvert = opener(aws);
  return {
    // A file that cannot be opened as media is refused as a request that cannot be processed.
    probe: (source) =>
      mediaConvert(
        async ({ sdk, client }) => {
          const { ProbeResults } = await client.send(new sdk.ProbeCommand({ InputFiles: [{ FileUrl: source }] }));
          return mediaProbeOf(ProbeResults?.[0]);
        },
        { 400: () => null, 422: () => null },
      ),

    submit: (order) =>
      mediaConvert(async ({ sdk, client }) => {
        const { Job: job } = await client.send(new sdk.CreateJobCommand(jobRequest(order, { roleArn, queueArn })));
        assert(job?.Id, "MediaConvert names each job");
        return { remoteId: job.Id };
      }),

    status: (remoteId) =>
      mediaConvert<TranscodeStatus | null>(
        async ({ sdk, client }) => {
          const { Job: job } = await client.send(new sdk.GetJobCommand({ Id: remoteId }));
          return job ? statusOf(job) : null;
        },
        { 404: () => null },
      ),

    findByReference: (reference) =>
      mediaConvert(async ({ sdk, client }) => {
        let after: string | undefined;
        for (let page = 0; page < PAGES_MAX; page++) {
          const { Jobs = [], NextToken } = await client.send(
            new sdk.ListJobsCommand({
              Queue: queueArn,
              Order: "DESCENDING",
              MaxResults: 20,
              ...(after === undefined ? {} : { NextToken: after }),
            }),
          );
          const found = Jobs.find((job) => job.UserMetadata?.reference === reference);
          if (found?.Id) return { remoteId: found.Id };
          if (NextToken === undefined) return null;
          after = NextToken;
        }
        return null;
      }),

    // Unknown, or already over: there is nothing left to cancel.
    cancel: (remoteId) =>
      mediaConvert<void>(
        async ({ sdk, client }) => {
          await client.send(new sdk.CancelJobCommand({ Id: remoteId }));
        },
        { 404: () => undefined, 409: () => undefined },
      ),
  };
}

/** Runs work with a client that is made once. Statuses may be answers; what may pass becomes `transcoder.unavailable`. */
function opener(aws: AwsOptions) {
  let opened: Promise<Open> | undefined;
  const open = () =>
    (opened ??= import("./media-convert-sdk.ts").then((sdk) => ({
      sdk,
      client: new sdk.MediaConvertClient(clientOptions(aws, MINUTE_MS)),
    })));
  return async <T>(work: (open: Open) => Promise<T>, answers: Record<number, () => T> = {}): Promise<T> => {
    const ready = await open();
    try {
      return await work(ready);
    } catch (error) {
      if (isUnavailable(error)) throw transcoderErrors.unavailable({ cause: error });
      const answer = answers[awsStatus(error) ?? 0];
      if (answer) return answer();
      throw error;
    }
  };
}

/** A job's state as the house sees it. The service's messages are for operators. */
export function statusOf(job: Job): TranscodeStatus {
  const percent = Math.max(0, Math.min(100, Math.round(job.JobPercentComplete ?? 0)));
  switch (job.Status) {
    case "COMPLETE":
      return { state: "complete", percent: 100, durationMs: durationOf(job) };
    case "CANCELED":
      return { state: "canceled" };
    case "ERROR":
      return { state: "error", errorCode: job.ErrorCode ?? 0, message: job.ErrorMessage ?? "" };
    case "PROGRESSING":
      return { state: "progressing", percent };
    default:
      return { state: "submitted", percent };
  }
}

function durationOf(job: Job): number | null {
  const outputs = (job.OutputGroupDetails ?? []).flatMap((group) => group.OutputDetails ?? []);
  const longest = Math.max(0, ...outputs.map((output) => output.DurationInMs ?? 0));
  return longest > 0 ? longest : null;
}
