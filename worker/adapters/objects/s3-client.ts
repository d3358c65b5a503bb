import { MINUTE_MS } from "../../kernel/time.ts";
import type { Bucket } from "../../ports/objects.ts";
import { type AwsOptions, clientOptions } from "../aws/client-options.ts";
import { awsErrorName, awsStatus, isUnavailable } from "../aws/failure.ts";
import { objectsErrors } from "./errors.ts";

export type S3Options = AwsOptions & { buckets: Readonly<Record<Bucket, string>> };

type Sdk = typeof import("./s3-sdk.ts");
export type OpenS3 = { sdk: Sdk; client: InstanceType<Sdk["S3Client"]> };

/** Runs work with a client that is made once, at first use. Errors that S3 names may be answers; what may pass becomes `objects.unavailable`. */
export type S3 = <T>(work: (open: OpenS3) => Promise<T>, answers?: Record<string, () => T>) => Promise<T>;

/**
 * S3's client. Checksums only where S3 requires them: the SDK's default would sign the checksum of an empty body into the URLs that browsers
 * upload with, and S3 would refuse every part.
 */
export function openS3(aws: AwsOptions): S3 {
  let opened: Promise<OpenS3> | undefined;
  const open = () =>
    (opened ??= import("./s3-sdk.ts").then((sdk) => ({
      sdk,
      client: new sdk.S3Client({
        ...clientOptions(aws, MINUTE_MS),
        forcePathStyle: aws.endpoint !== undefined,
        requestChecksumCalculation: "WHEN_REQUIRED",
        responseChecksumValidation: "WHEN_REQUIRED",
      }),
    })));
  return async (work, answers = {}) => {
    const ready = await open();
    try {
      return await work(ready);
    } catch (error) {
      const answer = answers[awsErrorName(error) ?? ""];
      if (answer) return answer();
      // HEAD has no body, so S3 cannot name what is missing.
      if (awsStatus(error) === 404 && answers.NotFound) return answers.NotFound();
      throw isUnavailable(error) ? objectsErrors.unavailable({ cause: error }) : error;
    }
  };
}
