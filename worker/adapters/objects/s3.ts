import { assert } from "../../kernel/assert.ts";
import { MINUTE_MS } from "../../kernel/time.ts";
import type { Bucket, Objects, UploadedPart } from "../../ports/objects.ts";
import { type AwsOptions, clientOptions } from "../aws/client-options.ts";
import { awsErrorName, awsStatus, isUnavailable } from "../aws/failure.ts";
import { objectsErrors } from "./errors.ts";

export type S3Options = AwsOptions & { buckets: Readonly<Record<Bucket, string>> };

type Sdk = typeof import("./s3-sdk.ts");
type Open = { sdk: Sdk; client: InstanceType<Sdk["S3Client"]> };

/** S3 deletes at most this many keys in one request (API reference, DeleteObjects). */
const DELETE_KEYS_MAX = 1_000;

/** Which rule of S3 a CompleteMultipartUpload broke (API reference, "List of special errors"). */
const REFUSALS = {
  InvalidPart: "part_missing",
  InvalidPartOrder: "part_order",
  EntityTooSmall: "part_too_small",
} as const;

/**
 * Files in S3. Checksums only where S3 requires them: the SDK's default would sign the checksum of an empty body into the URLs that
 * browsers upload with, and S3 would refuse every part. The SDK is loaded at first use.
 */
export function makeS3Objects(options: S3Options): Objects {
  const s3 = opener(options);
  const bucketOf = (bucket: Bucket) => options.buckets[bucket];

  return {
    createMultipart: (bucket, key, contentType) =>
      s3(async ({ sdk, client }) => {
        const { UploadId } = await client.send(
          new sdk.CreateMultipartUploadCommand({
            Bucket: bucketOf(bucket),
            Key: key,
            ContentType: contentType,
            // An original that somebody opens by its address is saved, never shown.
            ...(bucket === "uploads" ? { ContentDisposition: "attachment" } : {}),
          }),
        );
        assert(UploadId, "S3 names each multipart upload");
        return { uploadId: UploadId };
      }),

    // The length is a signed header: S3 refuses a body of any other size.
    presignPart: (bucket, { key, uploadId, partNumber, size, expiresInS }) =>
      s3(({ sdk, client }) =>
        sdk.getSignedUrl(
          client,
          new sdk.UploadPartCommand({
            Bucket: bucketOf(bucket),
            Key: key,
            UploadId: uploadId,
            PartNumber: partNumber,
            ContentLength: size,
          }),
          { expiresIn: expiresInS, signableHeaders: new Set(["host", "content-length"]) },
        ),
      ),

    listParts: (bucket, key, uploadId) =>
      s3((open) => listAllParts(open, { Bucket: bucketOf(bucket), Key: key, UploadId: uploadId }), {
        NoSuchUpload: () => null,
      }),

    completeMultipart: (bucket, key, uploadId, parts) =>
      s3<"completed" | "gone" | { refused: (typeof REFUSALS)[keyof typeof REFUSALS] }>(
        async ({ sdk, client }) => {
          await client.send(
            new sdk.CompleteMultipartUploadCommand({
              Bucket: bucketOf(bucket),
              Key: key,
              UploadId: uploadId,
              MultipartUpload: { Parts: parts.map(({ partNumber, etag }) => ({ PartNumber: partNumber, ETag: etag })) },
            }),
          );
          return "completed";
        },
        {
          NoSuchUpload: () => "gone",
          InvalidPart: () => ({ refused: REFUSALS.InvalidPart }),
          InvalidPartOrder: () => ({ refused: REFUSALS.InvalidPartOrder }),
          EntityTooSmall: () => ({ refused: REFUSALS.EntityTooSmall }),
        },
      ),

    abortMultipart: (bucket, key, uploadId) =>
      s3<void>(
        async ({ sdk, client }) => {
          await client.send(
            new sdk.AbortMultipartUploadCommand({ Bucket: bucketOf(bucket), Key: key, UploadId: uploadId }),
          );
        },
        { NoSuchUpload: () => undefined },
      ),

    head: (bucket, key) =>
      s3(
        async ({ sdk, client }) => {
          const head = await client.send(new sdk.HeadObjectCommand({ Bucket: bucketOf(bucket), Key: key }));
          return {
            size: head.ContentLength ?? 0,
            etag: head.ETag ?? "",
            contentType: head.ContentType ?? "application/octet-stream",
          };
        },
        { NotFound: () => null, NoSuchKey: () => null },
      ),

    readRange: (bucket, key, start, end) =>
      s3<Uint8Array | null>(
        async ({ sdk, client }) => {
          const command = new sdk.GetObjectCommand({
            Bucket: bucketOf(bucket),
            Key: key,
            Range: `bytes=${start}-${end}`,
          });
          return (await client.send(command)).Body?.transformToByteArray() ?? new Uint8Array();
        },
        { NoSuchKey: () => null, InvalidRange: () => new Uint8Array() },
      ),

    readText: (bucket, key) =>
      s3<string | null>(
        async ({ sdk, client }) => {
          const { Body } = await client.send(new sdk.GetObjectCommand({ Bucket: bucketOf(bucket), Key: key }));
          return Body?.transformToString() ?? "";
        },
        { NoSuchKey: () => null },
      ),

    copy: (bucket, from, to, { contentType, cacheControl }) =>
      s3(async ({ sdk, client }) => {
        await client.send(
          new sdk.CopyObjectCommand({
            Bucket: bucketOf(bucket),
            Key: to,
            CopySource: `${bucketOf(bucket)}/${from.split("/").map(encodeURIComponent).join("/")}`,
            MetadataDirective: "REPLACE",
            ContentType: contentType,
            CacheControl: cacheControl,
          }),
        );
      }),

    delete: (bucket, key) =>
      s3(async ({ sdk, client }) => {
        await client.send(new sdk.DeleteObjectCommand({ Bucket: bucketOf(bucket), Key: key }));
      }),

    deletePrefix: (bucket, prefix) => {
      assert(/^.+\/$/.test(prefix), "a prefix to delete ends in a slash");
      return s3((open) => deleteAll(open, bucketOf(bucket), prefix));
    },

    address: (bucket, key) => `s3://${bucketOf(bucket)}/${key}`,
  };
}

/** Runs work with a client that is made once. Errors that S3 names may be answers; what may pass becomes `objects.unavailable`. */
function opener({ buckets: _, ...aws }: S3Options) {
  let opened: Promise<Open> | undefined;
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
  return async <T>(work: (open: Open) => Promise<T>, answers: Record<string, () => T> = {}): Promise<T> => {
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

async function listAllParts(
  { sdk, client }: Open,
  upload: { Bucket: string; Key: string; UploadId: string },
): Promise<UploadedPart[] | null> {
  const parts: UploadedPart[] = [];
  for (let after: string | undefined; ;) {
    const page = await client.send(
      new sdk.ListPartsCommand({ ...upload, ...(after === undefined ? {} : { PartNumberMarker: after }) }),
    );
    for (const { PartNumber = 0, ETag = "", Size = 0 } of page.Parts ?? [])
      parts.push({ partNumber: PartNumber, etag: ETag, size: Size });
    if (!page.IsTruncated || page.NextPartNumberMarker === undefined) return parts;
    after = page.NextPartNumberMarker;
  }
}

/** Deletes page by page; listing starts anew each time, because what was listed is gone. */
async function deleteAll({ sdk, client }: Open, bucket: string, prefix: string): Promise<void> {
  for (;;) {
    const page = await client.send(
      new sdk.ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, MaxKeys: DELETE_KEYS_MAX }),
    );
    const keys = (page.Contents ?? []).flatMap(({ Key }) => (Key === undefined ? [] : [{ Key }]));
    if (keys.length === 0) return;
    const { Errors = [] } = await client.send(
      new sdk.DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: keys, Quiet: true } }),
    );
    if (Errors.length > 0)
      throw objectsErrors.unavailable({ cause: new Error(`${Errors[0]?.Code}: ${Errors[0]?.Key}`) });
  }
}
