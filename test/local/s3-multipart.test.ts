import { createHash, randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCorsCommand,
  GetBucketCorsCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutBucketCorsCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
  type CompletedPart,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openS3Room, outcome, refusal, type S3Room } from "./s3-room.ts";

const Bucket = "multipart";
const PART_BYTES = 5 * 1024 * 1024;
const bytes = randomBytes(PART_BYTES + 1000);
const halves = [bytes.subarray(0, PART_BYTES), bytes.subarray(PART_BYTES)] as const;
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

async function begin(Key: string) {
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key, ContentType: "video/mp4" }));
  const upload = { Bucket, Key, UploadId };
  return {
    upload,
    part: (PartNumber: number, Body: Uint8Array) => s3.send(new UploadPartCommand({ ...upload, PartNumber, Body })),
    complete: (Parts: CompletedPart[]) =>
      s3.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } })),
  };
}

describe("a multipart upload", () => {
  test("joins its parts under S3's multipart ETag", async () => {
    const { part, complete, upload } = await begin("joined.mp4");
    const second = await part(2, halves[1]);
    const first = await part(1, halves[0]);
    const listed = await s3.send(new ListPartsCommand(upload));
    expect(listed.Parts?.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
      [1, PART_BYTES],
      [2, 1000],
    ]);
    const done = await complete([
      { PartNumber: 1, ETag: first.ETag },
      { PartNumber: 2, ETag: second.ETag },
    ]);
    const md5 = (data: Uint8Array) => createHash("md5").update(data).digest();
    expect(done.ETag).toBe(
      `"${createHash("md5")
        .update(Buffer.concat(halves.map(md5)))
        .digest("hex")}-2"`,
    );
    const found = await s3.send(new GetObjectCommand({ Bucket, Key: "joined.mp4" }));
    expect(found.ContentType).toBe("video/mp4");
    expect(Buffer.from(await found.Body!.transformToByteArray()).equals(bytes)).toBe(true);
    expect(room.events.at(-1)?.detail).toMatchObject({
      reason: "CompleteMultipartUpload",
      object: { size: bytes.length },
    });
    expect(await refusal(s3.send(new ListPartsCommand(upload)))).toEqual({ name: "NoSuchUpload", status: 404 });
  });

  test("refuses a wrong ETag, a missing part, a wrong order, a small part, an empty list", async () => {
    const { part, complete } = await begin("refused");
    const small = await part(1, halves[1]);
    const large = await part(2, halves[0]);
    const last = await part(3, halves[1]);
    const parts = { 1: small.ETag, 2: large.ETag, 3: last.ETag } as const;
    const choose = (...numbers: (1 | 2 | 3)[]) => numbers.map((n) => ({ PartNumber: n, ETag: parts[n] }));
    const wrong = complete([{ PartNumber: 2, ETag: '"0123456789abcdef0123456789abcdef"' }]);
    expect(await refusal(wrong)).toEqual({ name: "InvalidPart", status: 400 });
    expect(await refusal(complete([{ PartNumber: 4, ETag: large.ETag }]))).toEqual({
      name: "InvalidPart",
      status: 400,
    });
    expect(await refusal(complete(choose(3, 2)))).toEqual({ name: "InvalidPartOrder", status: 400 });
    expect(await refusal(complete(choose(2, 2)))).toEqual({ name: "InvalidPartOrder", status: 400 });
    expect(await refusal(complete(choose(1, 2)))).toEqual({ name: "EntityTooSmall", status: 400 });
    expect(await refusal(complete([]))).toEqual({ name: "MalformedXML", status: 400 });
    expect(await room.disk.head(Bucket, "refused")).toBeUndefined();
    await complete(choose(2, 3));
  });

  test("refuses part numbers outside 1 to 10000 and a foreign upload id", async () => {
    const { part, upload } = await begin("numbers");
    for (const number of [0, 10_001]) {
      expect(await refusal(part(number, halves[1]))).toEqual({ name: "InvalidArgument", status: 400 });
    }
    await part(10_000, halves[1]);
    const elsewhere = new UploadPartCommand({ ...upload, Key: "another", PartNumber: 1, Body: "x" });
    expect(await refusal(s3.send(elsewhere))).toEqual({ name: "NoSuchUpload", status: 404 });
    const traversal = new UploadPartCommand({ ...upload, UploadId: "../../objects", PartNumber: 1, Body: "x" });
    expect(await refusal(s3.send(traversal))).toEqual({ name: "NoSuchUpload", status: 404 });
  });

  test("is listed until it is aborted, and then gone", async () => {
    const { upload, part } = await begin("aborted");
    await part(1, halves[1]);
    const listing = new ListMultipartUploadsCommand({ Bucket, Prefix: "abort" });
    expect((await s3.send(listing)).Uploads?.map(({ Key, UploadId }) => ({ Bucket, Key, UploadId }))).toEqual([upload]);
    await s3.send(new AbortMultipartUploadCommand(upload));
    expect((await s3.send(listing)).Uploads).toBeUndefined();
    expect(await refusal(part(2, halves[1]))).toEqual({ name: "NoSuchUpload", status: 404 });
    const again = s3.send(new AbortMultipartUploadCommand(upload));
    expect(await refusal(again)).toEqual({ name: "NoSuchUpload", status: 404 });
  });

  test("replaces a part sent twice, and pages through parts and uploads", async () => {
    const { upload, part } = await begin("paged");
    await part(1, halves[0]);
    await part(1, halves[1]);
    await part(2, halves[1]);
    const page = await s3.send(new ListPartsCommand({ ...upload, MaxParts: 1 }));
    expect(page).toMatchObject({ IsTruncated: true, NextPartNumberMarker: "1", Parts: [{ Size: 1000 }] });
    const rest = await s3.send(new ListPartsCommand({ ...upload, PartNumberMarker: page.NextPartNumberMarker }));
    expect(rest.Parts?.map(({ PartNumber }) => PartNumber)).toEqual([2]);
    await begin("paged");
    const first = await s3.send(new ListMultipartUploadsCommand({ Bucket, Prefix: "paged", MaxUploads: 1 }));
    expect(first).toMatchObject({ IsTruncated: true, NextKeyMarker: "paged", NextUploadIdMarker: upload.UploadId });
    const { NextKeyMarker: KeyMarker, NextUploadIdMarker: UploadIdMarker } = first;
    const next = await s3.send(new ListMultipartUploadsCommand({ Bucket, Prefix: "paged", KeyMarker, UploadIdMarker }));
    expect(next.Uploads).toHaveLength(1);
  });

  test("can be filled by a browser with presigned parts", async () => {
    const plain = room.client({ requestChecksumCalculation: "WHEN_REQUIRED" });
    const { UploadId } = await plain.send(new CreateMultipartUploadCommand({ Bucket, Key: "browser" }));
    const upload = { Bucket, Key: "browser", UploadId };
    const Parts: CompletedPart[] = [];
    for (const [index, body] of halves.entries()) {
      const PartNumber = index + 1;
      const url = await getSignedUrl(plain, new UploadPartCommand({ ...upload, PartNumber }), { expiresIn: 60 });
      const response = await fetch(url, { method: "PUT", body });
      Parts.push({ PartNumber, ETag: response.headers.get("etag") ?? "" });
    }
    await plain.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }));
    expect(await room.disk.head(Bucket, "browser")).toMatchObject({ size: bytes.length });
  });

  test("refuses a part whose checksum is wrong and returns a composite checksum", async () => {
    const create = new CreateMultipartUploadCommand({ Bucket, Key: "summed", ChecksumAlgorithm: "SHA256" });
    const { UploadId } = await s3.send(create);
    const upload = { Bucket, Key: "summed", UploadId };
    const sha256 = (data: Uint8Array) => createHash("sha256").update(data).digest();
    const ChecksumSHA256 = Buffer.from(sha256(halves[0])).toString("base64");
    const wrong = s3.send(new UploadPartCommand({ ...upload, PartNumber: 1, Body: halves[1], ChecksumSHA256 }));
    expect(await refusal(wrong)).toEqual({ name: "BadDigest", status: 400 });
    const part = await s3.send(new UploadPartCommand({ ...upload, PartNumber: 1, Body: halves[0], ChecksumSHA256 }));
    const Parts = [{ PartNumber: 1, ETag: part.ETag, ChecksumSHA256 }];
    const done = await s3.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }));
    const composite = createHash("sha256").update(sha256(halves[0])).digest("base64");
    expect(done.ChecksumSHA256).toBe(`${composite}-1`);
  });

  test("takes parts from other objects", async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key: "source", Body: bytes }));
    const { upload, complete } = await begin("assembled");
    const copy = (PartNumber: number, CopySourceRange: string) =>
      s3.send(new UploadPartCopyCommand({ ...upload, PartNumber, CopySource: `${Bucket}/source`, CopySourceRange }));
    const first = await copy(1, `bytes=0-${PART_BYTES - 1}`);
    const second = await copy(2, "bytes=0-9");
    await complete([
      { PartNumber: 1, ETag: first.CopyPartResult?.ETag },
      { PartNumber: 2, ETag: second.CopyPartResult?.ETag },
    ]);
    expect(await room.disk.head(Bucket, "assembled")).toMatchObject({ size: PART_BYTES + 10 });
  });

  test("by lib-storage from a stream of unknown length arrives whole", async () => {
    const Body = Readable.from([halves[0].subarray(0, 1_000_000), halves[0].subarray(1_000_000), halves[1]]);
    await new Upload({ client: s3, params: { Bucket, Key: "lib-storage", Body } }).done();
    const found = await s3.send(new GetObjectCommand({ Bucket, Key: "lib-storage" }));
    expect(Buffer.from(await found.Body!.transformToByteArray()).equals(bytes)).toBe(true);
  });
});

describe("CORS", () => {
  const rule = {
    AllowedOrigins: ["https://*.example.jp", "http://localhost:8787"],
    AllowedMethods: ["PUT", "GET"],
    AllowedHeaders: ["content-*"],
    ExposeHeaders: ["ETag"],
    MaxAgeSeconds: 600,
  };
  const preflight = (origin: string, method = "PUT", headers = "content-type") =>
    fetch(`${room.url}/${Bucket}/any/key`, {
      method: "OPTIONS",
      headers: { origin, "access-control-request-method": method, "access-control-request-headers": headers },
    });

  test("is off until it is configured", async () => {
    expect(await outcome(await preflight("https://app.example.jp"))).toEqual({ status: 403, code: "AccessForbidden" });
    const none = s3.send(new GetBucketCorsCommand({ Bucket }));
    expect(await refusal(none)).toEqual({ name: "NoSuchCORSConfiguration", status: 404 });
  });

  test("allows, exposes and refuses as the bucket's rules say", async () => {
    await s3.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules: [rule] } }));
    expect((await s3.send(new GetBucketCorsCommand({ Bucket }))).CORSRules).toEqual([rule]);
    const allowed = await preflight("https://app.example.jp");
    expect(allowed.status).toBe(200);
    expect(Object.fromEntries(allowed.headers)).toMatchObject({
      "access-control-allow-origin": "https://app.example.jp",
      "access-control-allow-methods": "PUT, GET",
      "access-control-allow-headers": "content-type",
      "access-control-expose-headers": "ETag",
      "access-control-max-age": "600",
    });
    for (const refused of [
      await preflight("https://example.org"),
      await preflight("https://app.example.jp", "DELETE"),
      await preflight("https://app.example.jp", "PUT", "content-type, x-amz-acl"),
    ]) {
      expect(refused.headers.get("access-control-allow-origin")).toBeNull();
      expect(await outcome(refused)).toEqual({ status: 403, code: "AccessForbidden" });
    }
  });

  test("reaches real answers, refusals too", async () => {
    const plain = room.client({ requestChecksumCalculation: "WHEN_REQUIRED" });
    const url = await getSignedUrl(plain, new PutObjectCommand({ Bucket, Key: "from-browser" }), { expiresIn: 60 });
    const put = (origin: string, target = url) => fetch(target, { method: "PUT", body: "x", headers: { origin } });
    const stored = await put("http://localhost:8787");
    expect(stored.headers.get("access-control-allow-origin")).toBe("http://localhost:8787");
    expect(stored.headers.get("access-control-expose-headers")).toBe("ETag");
    const refused = await put("http://localhost:8787", `${url}0`);
    expect([refused.status, refused.headers.get("access-control-allow-origin")]).toEqual([
      403,
      "http://localhost:8787",
    ]);
    expect((await put("https://example.org")).headers.get("access-control-allow-origin")).toBeNull();
  });

  test("can be removed", async () => {
    await s3.send(new DeleteBucketCorsCommand({ Bucket }));
    expect((await preflight("https://app.example.jp")).status).toBe(403);
  });
});
