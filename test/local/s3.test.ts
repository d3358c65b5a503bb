import { createHash, randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type ChecksumAlgorithm,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ACCESS_KEY_ID, openS3Room, refusal, REGION, type S3Room } from "./s3-room.ts";

const Bucket = "conformance";
let room: S3Room;
let s3: ReturnType<S3Room["client"]>;

beforeAll(async () => {
  room = await openS3Room();
  s3 = room.client();
  await s3.send(new CreateBucketCommand({ Bucket }));
});

afterAll(async () => {
  expect(room.errors).toEqual([]);
  await room.close();
});

const put = (Key: string, Body: string | Uint8Array = "x", more: object = {}) =>
  s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
const get = (Key: string, more: object = {}) => s3.send(new GetObjectCommand({ Bucket, Key, ...more }));
const text = async (Key: string, more: object = {}) => (await get(Key, more)).Body!.transformToString();

describe("buckets", () => {
  test("are created, listed, found, and deleted only when empty", async () => {
    await s3.send(new CreateBucketCommand({ Bucket: "short-lived" }));
    const { Buckets } = await s3.send(new ListBucketsCommand({}));
    expect(Buckets?.map(({ Name }) => Name)).toEqual([Bucket, "short-lived"]);
    await s3.send(new HeadBucketCommand({ Bucket: "short-lived" }));
    const location = await s3.send(new GetBucketLocationCommand({ Bucket: "short-lived" }));
    expect(location.LocationConstraint).toBe(REGION);
    await s3.send(new PutObjectCommand({ Bucket: "short-lived", Key: "k", Body: "x" }));
    const deletion = () => s3.send(new DeleteBucketCommand({ Bucket: "short-lived" }));
    expect(await refusal(deletion())).toEqual({ name: "BucketNotEmpty", status: 409 });
    await s3.send(new DeleteObjectCommand({ Bucket: "short-lived", Key: "k" }));
    await deletion();
    expect(await refusal(s3.send(new HeadBucketCommand({ Bucket: "short-lived" })))).toMatchObject({ status: 404 });
  });

  test("refuse a taken or impossible name and a foreign region", async () => {
    const create = (name: string, LocationConstraint?: "eu-west-1") =>
      refusal(
        s3.send(
          new CreateBucketCommand({
            Bucket: name,
            ...(LocationConstraint ? { CreateBucketConfiguration: { LocationConstraint } } : {}),
          }),
        ),
      );
    expect(await create(Bucket)).toEqual({ name: "BucketAlreadyOwnedByYou", status: 409 });
    expect(await create("No_Good")).toEqual({ name: "InvalidBucketName", status: 400 });
    expect(await create("elsewhere", "eu-west-1")).toEqual({ name: "IllegalLocationConstraintException", status: 400 });
    const missing = s3.send(new PutObjectCommand({ Bucket: "nowhere", Key: "k", Body: "x" }));
    expect(await refusal(missing)).toEqual({ name: "NoSuchBucket", status: 404 });
  });
});

describe("objects", () => {
  test("keep bytes, MD5 ETag, headers and metadata", async () => {
    const { ETag } = await put("kept.txt", "こんにちは", {
      ContentType: "text/plain; charset=utf-8",
      CacheControl: "max-age=60",
      ContentDisposition: "inline",
      ContentLanguage: "ja",
      Metadata: { owner: "usr_1" },
    });
    expect(ETag).toBe(`"${createHash("md5").update("こんにちは").digest("hex")}"`);
    const found = await get("kept.txt");
    expect(await found.Body!.transformToString()).toBe("こんにちは");
    expect(found).toMatchObject({
      ETag,
      ContentType: "text/plain; charset=utf-8",
      CacheControl: "max-age=60",
      ContentDisposition: "inline",
      ContentLanguage: "ja",
      Metadata: { owner: "usr_1" },
      ContentLength: 15,
      AcceptRanges: "bytes",
    });
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: "kept.txt" }));
    expect(head).toMatchObject({ ETag, ContentLength: 15 });
    expect(head.LastModified).toBeInstanceOf(Date);
  });

  test.each([
    "plain",
    "日本語/動画 1.mp4",
    "a+b&c=d?e#f%20g",
    "trailing/",
    "double//slash",
    "quote'\"<>()*!~",
    "絵文字🎉",
    `long/${"n".repeat(1000)}`,
  ])("accept the key %j", async (Key) => {
    await put(Key, Key);
    expect(await text(Key)).toBe(Key);
    const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: Key }));
    expect(Contents?.map((entry) => entry.Key)).toContain(Key);
    await s3.send(new DeleteObjectCommand({ Bucket, Key }));
    expect(await refusal(get(Key))).toEqual({ name: "NoSuchKey", status: 404 });
  });

  test("refuse a key over 1024 bytes", async () => {
    expect(await refusal(put("n".repeat(1025)))).toEqual({ name: "KeyTooLongError", status: 400 });
  });

  test("answer a missing object with NoSuchKey, and HEAD with a bare 404", async () => {
    expect(await refusal(get("nothing"))).toEqual({ name: "NoSuchKey", status: 404 });
    const head = s3.send(new HeadObjectCommand({ Bucket, Key: "nothing" }));
    expect(await refusal(head)).toEqual({ name: "NotFound", status: 404 });
  });

  test("are replaced whole, empty ones too", async () => {
    await put("replaced", "first");
    await put("replaced", "");
    expect(await text("replaced")).toBe("");
    expect(await room.disk.list(Bucket, "replaced")).toHaveLength(1);
  });

  test.each(["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"] as ChecksumAlgorithm[])(
    "verify and return a client's %s",
    async (ChecksumAlgorithm) => {
      if (ChecksumAlgorithm === "CRC64NVME") {
        const ChecksumCRC64NVME = "rosUhgp5mIg=";
        await put("sum", "123456789", { ChecksumCRC64NVME });
        expect(await get("sum", { ChecksumMode: "ENABLED" })).toMatchObject({ ChecksumCRC64NVME });
        const wrong = put("sum", "other", { ChecksumCRC64NVME });
        expect(await refusal(wrong)).toEqual({ name: "BadDigest", status: 400 });
        return;
      }
      const field = `Checksum${ChecksumAlgorithm}`;
      const stored: Record<string, unknown> = { ...(await put("sum", "body", { ChecksumAlgorithm })) };
      expect(stored[field]).toEqual(expect.any(String));
      const found: Record<string, unknown> = { ...(await get("sum", { ChecksumMode: "ENABLED" })) };
      expect(found[field]).toBe(stored[field]);
      const wrong = put("sum", "other body", { [field]: stored[field] });
      expect(await refusal(wrong)).toEqual({ name: "BadDigest", status: 400 });
    },
  );

  test("refuse a wrong Content-MD5", async () => {
    const ContentMD5 = createHash("md5").update("other").digest("base64");
    const plain = room.client({ requestChecksumCalculation: "WHEN_REQUIRED" });
    const wrong = plain.send(new PutObjectCommand({ Bucket, Key: "md5", Body: "x", ContentMD5 }));
    expect(await refusal(wrong)).toEqual({ name: "BadDigest", status: 400 });
    const broken = plain.send(new PutObjectCommand({ Bucket, Key: "md5", Body: "x", ContentMD5: "!!" }));
    expect(await refusal(broken)).toEqual({ name: "InvalidDigest", status: 400 });
    expect(await room.disk.head(Bucket, "md5")).toBeUndefined();
  });

  test("take a stream as aws-chunked with a trailing checksum and store only its bytes", async () => {
    const bytes = randomBytes(300_000);
    const pieces = [bytes.subarray(0, 7), bytes.subarray(7, 150_000), bytes.subarray(150_000)];
    const { ChecksumCRC32 } = await s3.send(
      new PutObjectCommand({
        Bucket,
        Key: "streamed",
        Body: Readable.from(pieces),
        ContentLength: bytes.length,
        ContentEncoding: "gzip",
      }),
    );
    expect(ChecksumCRC32).toBeDefined();
    const found = await get("streamed");
    expect(found.ContentEncoding).toBe("gzip");
    expect(Buffer.from(await found.Body!.transformToByteArray()).equals(bytes)).toBe(true);
  });

  test("are deleted one by one and in batches, known or not", async () => {
    await Promise.all(["d/1", "d/2", "d/<3>&"].map((key) => put(key)));
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "d/never-was" }));
    const Objects = ["d/1", "d/2", "d/<3>&", "d/never-was"].map((Key) => ({ Key }));
    const { Deleted, Errors } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect(Deleted?.map(({ Key }) => Key)).toEqual(Objects.map(({ Key }) => Key));
    expect(Errors).toBeUndefined();
    expect((await s3.send(new ListObjectsV2Command({ Bucket, Prefix: "d/" }))).KeyCount).toBe(0);
  });

  test("are copied with their metadata, or with new metadata", async () => {
    await put("源/1.txt", "copy me", { ContentType: "text/plain", Metadata: { a: "1" } });
    const CopySource = `${Bucket}/${encodeURIComponent("源/1.txt")}`;
    await s3.send(new CopyObjectCommand({ Bucket, Key: "copy/same", CopySource }));
    expect(await get("copy/same")).toMatchObject({ ContentType: "text/plain", Metadata: { a: "1" } });
    const replacing = { MetadataDirective: "REPLACE", ContentType: "text/html", Metadata: { b: "2" } } as const;
    await s3.send(new CopyObjectCommand({ Bucket, Key: "copy/new", CopySource, ...replacing }));
    expect(await get("copy/new")).toMatchObject({ ContentType: "text/html", Metadata: { b: "2" } });
    expect(await text("copy/new")).toBe("copy me");
    const onItself = s3.send(new CopyObjectCommand({ Bucket, Key: "源/1.txt", CopySource }));
    expect(await refusal(onItself)).toEqual({ name: "InvalidRequest", status: 400 });
    const absent = s3.send(new CopyObjectCommand({ Bucket, Key: "c", CopySource: `${Bucket}/absent` }));
    expect(await refusal(absent)).toEqual({ name: "NoSuchKey", status: 404 });
  });

  test("announce what happened in EventBridge's shape", async () => {
    room.events.length = 0;
    await put("told", "four");
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "told" }));
    expect(room.events).toMatchObject([
      {
        source: "aws.s3",
        "detail-type": "Object Created",
        detail: { bucket: { name: Bucket }, object: { key: "told", size: 4 }, reason: "PutObject" },
      },
      { "detail-type": "Object Deleted", detail: { object: { key: "told" }, reason: "DeleteObject" } },
    ]);
  });
});

describe("ranges and conditions", () => {
  beforeAll(() => put("digits", "0123456789"));

  test.each([
    ["bytes=0-3", "0123", "bytes 0-3/10"],
    ["bytes=8-", "89", "bytes 8-9/10"],
    ["bytes=-3", "789", "bytes 7-9/10"],
    ["bytes=5-999", "56789", "bytes 5-9/10"],
    ["bytes=-999", "0123456789", "bytes 0-9/10"],
  ])("answer %s with 206", async (Range, body, ContentRange) => {
    const found = await get("digits", { Range });
    expect(found).toMatchObject({ ContentRange, ContentLength: body.length, $metadata: { httpStatusCode: 206 } });
    expect(await found.Body!.transformToString()).toBe(body);
  });

  test("refuse a range behind the end with 416 and ignore what is no range", async () => {
    expect(await refusal(get("digits", { Range: "bytes=10-" }))).toEqual({ name: "InvalidRange", status: 416 });
    expect(await text("digits", { Range: "lines=1-2" })).toBe("0123456789");
  });

  test("answer 304 to what the client has, 412 to what it does not expect", async () => {
    const { ETag, LastModified } = await s3.send(new HeadObjectCommand({ Bucket, Key: "digits" }));
    expect(await refusal(get("digits", { IfNoneMatch: ETag }))).toMatchObject({ status: 304 });
    expect(await refusal(get("digits", { IfModifiedSince: LastModified }))).toMatchObject({ status: 304 });
    expect(await text("digits", { IfNoneMatch: '"other"', IfModifiedSince: LastModified })).toBe("0123456789");
    expect(await text("digits", { IfMatch: ETag })).toBe("0123456789");
    expect(await refusal(get("digits", { IfMatch: '"other"' }))).toEqual({ name: "PreconditionFailed", status: 412 });
  });

  test("let only one of many writers create a key with If-None-Match: *", async () => {
    const attempts = Array.from({ length: 8 }, (_, i) => put("once", `writer ${i}`, { IfNoneMatch: "*" }));
    const results = await Promise.allSettled(attempts);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await refusal(put("once", "y", { IfNoneMatch: "*" }))).toEqual({ name: "PreconditionFailed", status: 412 });
    const { ETag } = await s3.send(new HeadObjectCommand({ Bucket, Key: "once" }));
    await put("once", "expected", { IfMatch: ETag });
    expect(await refusal(put("once", "z", { IfMatch: ETag }))).toEqual({ name: "PreconditionFailed", status: 412 });
  });
});

describe("listing", () => {
  const keys = ["l/a", "l/b/1", "l/b/2", "l/c", "l/Z", "l/あ", "l/😀", "l/ﬀ"];
  beforeAll(() => Promise.all(keys.map((key) => put(key))));

  test("sorts by UTF-8 bytes", async () => {
    const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: "l/" }));
    expect(Contents?.map(({ Key }) => Key)).toEqual(["l/Z", "l/a", "l/b/1", "l/b/2", "l/c", "l/あ", "l/ﬀ", "l/😀"]);
    expect(Contents?.[0]).toMatchObject({
      Size: 1,
      StorageClass: "STANDARD",
      ETag: expect.stringMatching(/^"\w{32}"$/),
    });
  });

  test("groups by delimiter and continues page by page", async () => {
    const seen: (string | undefined)[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await s3.send(
        new ListObjectsV2Command({ Bucket, Prefix: "l/", Delimiter: "/", MaxKeys: 2, ContinuationToken }),
      );
      expect(page.KeyCount).toBeLessThanOrEqual(2);
      seen.push(
        ...(page.Contents ?? []).map(({ Key }) => Key),
        ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix),
      );
      ContinuationToken = page.NextContinuationToken;
      expect(page.IsTruncated).toBe(ContinuationToken !== undefined);
    } while (ContinuationToken !== undefined);
    expect([...seen].sort()).toEqual(["l/Z", "l/a", "l/b/", "l/c", "l/あ", "l/ﬀ", "l/😀"].sort());
  });

  test("starts after a key, encodes on wish, refuses a foreign token", async () => {
    const after = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: "l/", StartAfter: "l/b/2", MaxKeys: 1 }));
    expect(after.Contents?.[0]?.Key).toBe("l/c");
    const encoded = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: "l/あ", EncodingType: "url" }));
    expect(encoded.Contents?.[0]?.Key).toBe("l/%E3%81%82");
    const foreign = s3.send(new ListObjectsV2Command({ Bucket, ContinuationToken: "zzz" }));
    expect(await refusal(foreign)).toEqual({ name: "InvalidArgument", status: 400 });
  });
});

describe("header signatures", () => {
  const listing = () => new ListObjectsV2Command({ Bucket });

  test("are refused for a wrong secret, an unknown key, a wrong region", async () => {
    const wrongSecret = room.client({ credentials: { accessKeyId: ACCESS_KEY_ID, secretAccessKey: "wrong" } });
    expect(await refusal(wrongSecret.send(listing()))).toEqual({ name: "SignatureDoesNotMatch", status: 403 });
    const unknown = room.client({ credentials: { accessKeyId: "AKIDUNKNOWN", secretAccessKey: "wrong" } });
    expect(await refusal(unknown.send(listing()))).toEqual({ name: "InvalidAccessKeyId", status: 403 });
    const elsewhere = room.client({ region: "eu-west-1" });
    expect(await refusal(elsewhere.send(listing()))).toEqual({ name: "AuthorizationHeaderMalformed", status: 400 });
  });

  test("are refused beyond 15 minutes of clock skew, both ways", async () => {
    for (const offsetMs of [16 * 60_000, -16 * 60_000]) {
      room.clockOffsetMs = offsetMs;
      // A fresh client: the SDK learns the server's clock from a refusal.
      const skewed = room.client();
      expect(await refusal(skewed.send(listing()))).toEqual({ name: "RequestTimeTooSkewed", status: 403 });
    }
    room.clockOffsetMs = 14 * 60_000;
    await room.client().send(listing());
    room.clockOffsetMs = 0;
  });

  test("are required: an anonymous request gets 403 AccessDenied in XML", async () => {
    const response = await fetch(`${room.url}/${Bucket}/kept.txt`);
    expect(response.status).toBe(403);
    expect(response.headers.get("x-amz-request-id")).toMatch(/^[0-9A-F]{16}$/);
    expect(await response.text()).toMatch(
      /^<\?xml[^>]*>\s*<Error><Code>AccessDenied<\/Code>.*<RequestId>\w+<\/RequestId>/,
    );
  });
});
