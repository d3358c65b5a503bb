import { assert } from "../../kernel/assert.ts";
import type { Bucket, Objects, UploadedPart } from "../../ports/objects.ts";
import type { OpenS3, S3 } from "./s3-client.ts";

/** Which rule of S3 a CompleteMultipartUpload broke (API reference, "List of special errors"). */
const REFUSALS = {
  InvalidPart: "part_missing",
  InvalidPartOrder: "part_order",
  EntityTooSmall: "part_too_small",
} as const;

type Multipart = Pick<
  Objects,
  "createMultipart" | "presignPart" | "listParts" | "completeMultipart" | "abortMultipart"
>;

/** Uploads in parts (S3 user guide, "Uploading and copying objects using multipart upload"). */
export function s3Multipart(s3: S3, bucketOf: (bucket: Bucket) => string): Multipart {
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
  };
}

async function listAllParts(
  { sdk, client }: OpenS3,
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
