import { assert } from "../../kernel/assert.ts";
import type { Bucket, Objects } from "../../ports/objects.ts";
import { objectsErrors } from "./errors.ts";
import { openS3, type OpenS3, type S3Options } from "./s3-client.ts";
import { s3Multipart } from "./s3-multipart.ts";

/** S3 deletes at most this many keys in one request (API reference, DeleteObjects). */
const DELETE_KEYS_MAX = 1_000;

/** Files in S3. The SDK is loaded at first use. */
export function makeS3Objects({ buckets, ...aws }: S3Options): Objects {
  const s3 = openS3(aws);
  const bucketOf = (bucket: Bucket) => buckets[bucket];

  return {
    ...s3Multipart(s3, bucketOf),

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

/** Deletes page by page; listing starts anew each time, because what was listed is gone. */
async function deleteAll({ sdk, client }: OpenS3, bucket: string, prefix: string): Promise<void> {
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
