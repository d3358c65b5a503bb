import { createHash, createHmac } from "node:crypto";
import { Agent, request as httpRequest } from "node:http";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, UploadPartCommand } from "@aws-sdk/client-s3";
import { createPresignedPost, type PresignedPostOptions } from "@aws-sdk/s3-presigned-post";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ACCESS_KEY_ID, openS3Room, outcome, REGION, SECRET_ACCESS_KEY, type S3Room } from "./s3-room.ts";

const Bucket = "signing";
let room: S3Room;
let s3: ReturnType<S3Room["client"]>;
let signer: ReturnType<S3Room["client"]>;

beforeAll(async () => {
  room = await openS3Room();
  s3 = room.client();
  signer = room.client({ requestChecksumCalculation: "WHEN_REQUIRED" });
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutObjectCommand({ Bucket, Key: "read/me.txt", Body: "hello", ContentType: "text/plain" }));
  await s3.send(new PutObjectCommand({ Bucket, Key: "read/other.txt", Body: "secret" }));
});

beforeEach(() => {
  room.clockOffsetMs = 0;
});

afterAll(async () => {
  expect(room.errors).toEqual([]);
  await room.close();
});

const signedGet = (expiresIn = 60, more: object = {}) =>
  getSignedUrl(s3, new GetObjectCommand({ Bucket, Key: "read/me.txt", ...more }), { expiresIn });
const SIGNATURE_REFUSED = { status: 403, code: "SignatureDoesNotMatch" };
const DENIED = { status: 403, code: "AccessDenied" };

/** `fetch` forbids some headers and fixes others; a raw request sends what it is told. */
function send(
  url: string,
  method: string,
  headers: Record<string, string>,
  body = "",
  agent?: Agent,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method, headers, agent: agent ?? false }, async (response) => {
      const text = Buffer.concat(await response.toArray()).toString("utf8");
      resolve({ status: response.statusCode ?? 0, text });
    });
    request.on("error", reject);
    request.end(body);
  });
}

describe("a presigned URL", () => {
  test("reads its object, with ranges and response overrides", async () => {
    expect(await (await fetch(await signedGet())).text()).toBe("hello");
    const ranged = await fetch(await signedGet(), { headers: { range: "bytes=1-2" } });
    expect([ranged.status, await ranged.text()]).toEqual([206, "el"]);
    const overrides = {
      ResponseContentType: "image/x-icon",
      ResponseContentDisposition: 'attachment; filename="あ.txt"',
    };
    const overridden = await fetch(await signedGet(60, overrides));
    expect(overridden.headers.get("content-type")).toBe("image/x-icon");
    const disposition = overridden.headers.get("content-disposition") ?? "";
    expect(Buffer.from(disposition, "latin1").toString("utf8")).toBe(overrides.ResponseContentDisposition);
  });

  test("is refused for another key, method, query, or a changed signature", async () => {
    const url = await signedGet();
    expect(await outcome(await fetch(url.replace("me.txt", "other.txt")))).toEqual(SIGNATURE_REFUSED);
    expect(await outcome(await fetch(url, { method: "DELETE" }))).toEqual(SIGNATURE_REFUSED);
    expect(await outcome(await fetch(url, { method: "PUT", body: "x" }))).toEqual(SIGNATURE_REFUSED);
    expect(await outcome(await fetch(`${url}&response-content-type=text/html`))).toEqual(SIGNATURE_REFUSED);
    expect(await outcome(await fetch(url.replace("X-Amz-Expires=60", "X-Amz-Expires=61")))).toEqual(SIGNATURE_REFUSED);
    const flipped = url.replace(/(X-Amz-Signature=)(.)/, (_, name, digit) => `${name}${digit === "0" ? "1" : "0"}`);
    expect(await outcome(await fetch(flipped))).toEqual(SIGNATURE_REFUSED);
    expect(await outcome(await fetch(url.replace(/X-Amz-Signature=\w+/, "X-Amz-Signature=")))).toMatchObject({
      status: 400,
    });
    const head = await fetch(url, { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([403, ""]);
  });

  test("ends after its time and does not begin before it", async () => {
    const url = await signedGet(60);
    room.clockOffsetMs = 59_000;
    expect((await fetch(url)).status).toBe(200);
    room.clockOffsetMs = 62_000;
    const late = await fetch(url);
    expect(late.status).toBe(403);
    expect(await late.text()).toMatch(
      /<Code>AccessDenied<\/Code><Message>Request has expired<\/Message>.*<ServerTime>/,
    );
    room.clockOffsetMs = -60 * 60_000;
    expect(await (await fetch(url)).text()).toContain("Request is not yet valid");
  });

  test("may last a week and no longer", async () => {
    const command = new GetObjectCommand({ Bucket, Key: "read/me.txt" });
    const week = await getSignedUrl(s3, command, { expiresIn: 604_800 });
    expect((await fetch(week)).status).toBe(200);
    const malformed = { status: 400, code: "AuthorizationQueryParametersError" };
    expect(await outcome(await fetch(week.replace("604800", "604801")))).toEqual(malformed);
    expect(await outcome(await fetch(week.replace("604800", "0")))).toEqual(malformed);
    expect(await outcome(await fetch(week.replace("604800", "soon")))).toEqual(malformed);
  });

  test("is refused with an x-amz header that was not signed, and beside a second signature", async () => {
    const url = await signedGet();
    const unsigned = await fetch(url, { headers: { "x-amz-meta-role": "admin" } });
    expect(await unsigned.text()).toContain("<HeadersNotSigned>x-amz-meta-role</HeadersNotSigned>");
    expect(unsigned.status).toBe(403);
    const both = await fetch(url, { headers: { authorization: "AWS4-HMAC-SHA256 Credential=a/b/c/s3/aws4_request" } });
    expect(await outcome(both)).toEqual({ status: 400, code: "InvalidArgument" });
  });
});

describe("a presigned upload", () => {
  const signedPut = (command: PutObjectCommand, signed: string[] = []) =>
    getSignedUrl(signer, command, { expiresIn: 60, signableHeaders: new Set(["host", ...signed]) });

  test("stores any body when nothing about it was signed, with the metadata that was", async () => {
    const url = await signedPut(new PutObjectCommand({ Bucket, Key: "up/free", Metadata: { by: "usr_1" } }));
    expect((await fetch(url, { method: "PUT", body: "anything" })).status).toBe(200);
    expect(await room.disk.head(Bucket, "up/free")).toMatchObject({ size: 8, metadata: { by: "usr_1" } });
  });

  test("is held to its signed content type", async () => {
    const command = new PutObjectCommand({ Bucket, Key: "up/typed", ContentType: "image/png" });
    const url = await signedPut(command, ["content-type"]);
    const wrong = await fetch(url, { method: "PUT", body: "x", headers: { "content-type": "text/html" } });
    expect(await outcome(wrong)).toEqual(SIGNATURE_REFUSED);
    const right = await fetch(url, { method: "PUT", body: "x", headers: { "content-type": "image/png" } });
    expect(right.status).toBe(200);
    expect(await room.disk.head(Bucket, "up/typed")).toMatchObject({ contentType: "image/png" });
  });

  test("is held to its signed length", async () => {
    const command = new PutObjectCommand({ Bucket, Key: "up/sized", ContentLength: 5 });
    const url = await signedPut(command, ["content-length"]);
    expect(new URL(url).searchParams.get("X-Amz-SignedHeaders")).toContain("content-length");
    for (const body of ["1234", "123456"]) {
      expect(await outcome(await fetch(url, { method: "PUT", body }))).toEqual(SIGNATURE_REFUSED);
    }
    const chunked = await send(url, "PUT", { "transfer-encoding": "chunked" }, "12345");
    expect(chunked.status).toBe(403);
    expect(await room.disk.head(Bucket, "up/sized")).toBeUndefined();
    expect((await fetch(url, { method: "PUT", body: "12345" })).status).toBe(200);
  });

  test("made with the SDK's default checksum of an empty body refuses every other body", async () => {
    const url = await getSignedUrl(s3, new PutObjectCommand({ Bucket, Key: "up/crc" }), { expiresIn: 60 });
    expect(url).toContain("x-amz-checksum-crc32=AAAAAA");
    expect(await outcome(await fetch(url, { method: "PUT", body: "body" }))).toEqual({
      status: 400,
      code: "BadDigest",
    });
    expect(await room.disk.head(Bucket, "up/crc")).toBeUndefined();
    expect((await fetch(url, { method: "PUT", body: "" })).status).toBe(200);
  });

  test("of a part cannot serve another part or upload", async () => {
    const upload = await room.disk.uploads.create(Bucket, "up/parts", { contentType: "video/mp4", metadata: {} });
    const part = { Bucket, Key: "up/parts", UploadId: upload.uploadId, PartNumber: 1 };
    const url = await getSignedUrl(signer, new UploadPartCommand(part), { expiresIn: 60 });
    const stolen = await fetch(url.replace("partNumber=1", "partNumber=2"), { method: "PUT", body: "x" });
    expect(await outcome(stolen)).toEqual(SIGNATURE_REFUSED);
    expect((await fetch(url, { method: "PUT", body: "x" })).headers.get("etag")).toMatch(/^"\w{32}"$/);
  });
});

describe("a signed body", () => {
  test("is refused when it is not the one whose hash was signed", async () => {
    const { url, headers } = signHeaders(
      "PUT",
      `/${Bucket}/hashed`,
      createHash("sha256").update("signed").digest("hex"),
    );
    const other = await send(url, "PUT", { ...headers, "content-length": "5" }, "other");
    expect(other).toMatchObject({ status: 400, text: expect.stringContaining("XAmzContentSHA256Mismatch") });
    expect(await room.disk.head(Bucket, "hashed")).toBeUndefined();
    expect((await send(url, "PUT", { ...headers, "content-length": "6" }, "signed")).status).toBe(200);
  });

  test("in signed chunks is verified chunk by chunk", async () => {
    const payload = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
    const chunks = ["a".repeat(8192), "b".repeat(100), ""];
    const length = { "x-amz-decoded-content-length": "8292" };
    const { url, headers, signChunk } = signHeaders("PUT", `/${Bucket}/chunked`, payload, length);
    const encoded = chunks.map(
      (chunk) => `${chunk.length.toString(16)};chunk-signature=${signChunk(chunk)}\r\n${chunk}\r\n`,
    );
    const body = encoded.join("");
    const sized = { ...headers, "content-encoding": "aws-chunked", "content-length": String(body.length) };
    const tampered = await send(url, "PUT", sized, body.replace("bbb", "bcb"));
    expect(tampered).toMatchObject({ status: 403, text: expect.stringContaining("SignatureDoesNotMatch") });
    expect(await room.disk.head(Bucket, "chunked")).toBeUndefined();
    expect((await send(url, "PUT", sized, body)).status).toBe(200);
    const stored = await room.disk.head(Bucket, "chunked");
    expect([stored?.size, stored?.contentEncoding]).toEqual([8292, undefined]);
  });

  test("that announces more chunks than it has is incomplete", async () => {
    const length = { "x-amz-decoded-content-length": "6", "x-amz-trailer": "x-amz-checksum-crc32" };
    const { url, headers } = signHeaders("PUT", `/${Bucket}/short`, "STREAMING-UNSIGNED-PAYLOAD-TRAILER", length);
    const body = "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n";
    const answer = await send(url, "PUT", { ...headers, "content-length": String(body.length) }, body);
    expect(answer).toMatchObject({ status: 400, text: expect.stringContaining("IncompleteBody") });
  });

  test("refused at its first chunk is answered although megabytes follow, and the connection stays usable", async () => {
    const chunk = "a".repeat(1 << 20);
    const payload = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
    const length = { "x-amz-decoded-content-length": String(30 * chunk.length) };
    const { url, headers } = signHeaders("PUT", `/${Bucket}/endless`, payload, length);
    const body = `${chunk.length.toString(16)};chunk-signature=${"0".repeat(64)}\r\n${chunk}\r\n`.repeat(30);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const sized = { ...headers, "content-length": String(body.length) };
    expect((await send(url, "PUT", sized, body, agent)).status).toBe(403);
    expect((await send(await signedGet(), "GET", {}, "", agent)).text).toBe("hello");
    agent.destroy();
  });

  test("cut off by the client leaves nothing", async () => {
    const { url, headers } = signHeaders("PUT", `/${Bucket}/cut`, "UNSIGNED-PAYLOAD");
    const request = httpRequest(url, { method: "PUT", headers: { ...headers, "content-length": "1000000" } });
    const failed = new Promise((resolve) => request.on("error", resolve));
    await new Promise((resolve) => request.write("x".repeat(1000), resolve));
    request.destroy();
    await failed;
    await send(await signedGet(), "GET", {});
    expect(await room.disk.head(Bucket, "cut")).toBeUndefined();
  });

  test("with a wrong trailing checksum is refused", async () => {
    const length = { "x-amz-decoded-content-length": "5", "x-amz-trailer": "x-amz-checksum-crc32" };
    const { url, headers } = signHeaders("PUT", `/${Bucket}/trailed`, "STREAMING-UNSIGNED-PAYLOAD-TRAILER", length);
    const body = (crc: string) => `5\r\nhello\r\n0\r\nx-amz-checksum-crc32:${crc}\r\n\r\n`;
    const wrong = body("AAAAAA==");
    const answer = await send(url, "PUT", { ...headers, "content-length": String(wrong.length) }, wrong);
    expect(answer).toMatchObject({ status: 400, text: expect.stringContaining("BadDigest") });
    const right = body("NhCmhg==");
    expect((await send(url, "PUT", { ...headers, "content-length": String(right.length) }, right)).status).toBe(200);
  });
});

describe("a browser form", () => {
  const presign = (more: Partial<PresignedPostOptions> = {}) =>
    createPresignedPost(s3, {
      Bucket,
      Key: "form/${filename}",
      Conditions: [
        ["content-length-range", 3, 10],
        ["starts-with", "$Content-Type", "image/"],
      ],
      Expires: 60,
      ...more,
    });
  const post = async (
    { url, fields }: Awaited<ReturnType<typeof presign>>,
    content = "12345",
    changes: Record<string, string | undefined> = {},
  ) => {
    const form = new FormData();
    for (const [name, value] of Object.entries({ "Content-Type": "image/png", ...fields, ...changes })) {
      if (value !== undefined) form.append(name, value);
    }
    form.append("file", new Blob([content]), "猫.png");
    return fetch(url, { method: "POST", body: form, redirect: "manual" });
  };

  test("stores its file under the expanded key and answers as asked", async () => {
    const plain = await post(await presign());
    expect([plain.status, plain.headers.get("etag")]).toEqual([204, expect.stringMatching(/^"\w{32}"$/)]);
    expect(await room.disk.head(Bucket, "form/猫.png")).toMatchObject({ size: 5, contentType: "image/png" });
    const created = await post(await presign({ Fields: { success_action_status: "201" } }));
    expect(created.status).toBe(201);
    expect(await created.text()).toContain("<Key>form/猫.png</Key>");
    const target = "https://app.example/done?x=1";
    const redirected = await post(await presign({ Fields: { success_action_redirect: target } }));
    expect(redirected.status).toBe(303);
    expect(redirected.headers.get("location")).toMatch(/^https:\/\/app\.example\/done\?x=1&bucket=signing&key=form/);
  });

  test("is held to the size range", async () => {
    expect(await outcome(await post(await presign(), "x".repeat(11)))).toEqual({ status: 400, code: "EntityTooLarge" });
    expect(await outcome(await post(await presign(), "x"))).toEqual({ status: 400, code: "EntityTooSmall" });
    expect((await post(await presign(), "x".repeat(10))).status).toBe(204);
    expect((await post(await presign(), "xxx")).status).toBe(204);
  });

  test("is refused when large files break the range long before their end", async () => {
    const answer = await post(await presign(), "x".repeat(20_000_000));
    expect(await outcome(answer)).toEqual({ status: 400, code: "EntityTooLarge" });
  });

  test("is held to every condition and to nothing but the conditions", async () => {
    expect(await outcome(await post(await presign(), "12345", { "Content-Type": "text/html" }))).toEqual(DENIED);
    expect(await outcome(await post(await presign(), "12345", { key: "elsewhere/x.png" }))).toEqual(DENIED);
    expect(await outcome(await post(await presign(), "12345", { "x-amz-meta-extra": "1" }))).toEqual(DENIED);
    expect((await post(await presign(), "12345", { "x-ignore-this": "1" })).status).toBe(204);
  });

  test("is refused with another policy, signature, key, or none", async () => {
    const form = await presign();
    const wider = Buffer.from(form.fields.Policy ?? "", "base64")
      .toString()
      .replace("form/", "");
    expect(await outcome(await post(form, "12345", { Policy: btoa(wider) }))).toEqual(SIGNATURE_REFUSED);
    expect(await outcome(await post(form, "12345", { "X-Amz-Signature": "0".repeat(64) }))).toEqual(SIGNATURE_REFUSED);
    const credential = (form.fields["X-Amz-Credential"] ?? "").replace(ACCESS_KEY_ID, "AKIDUNKNOWN");
    const unknown = await post(form, "12345", { "X-Amz-Credential": credential });
    expect(await outcome(unknown)).toEqual({ status: 403, code: "InvalidAccessKeyId" });
    expect(await outcome(await post(form, "12345", { Policy: undefined, "X-Amz-Signature": undefined }))).toEqual(
      DENIED,
    );
  });

  test("is refused after its expiration", async () => {
    const form = await presign();
    room.clockOffsetMs = 61_000;
    expect(await outcome(await post(form))).toEqual(DENIED);
  });

  test("needs a key and a file", async () => {
    const { url, fields } = await presign();
    const withoutFile = new FormData();
    for (const [name, value] of Object.entries(fields)) withoutFile.append(name, value);
    const answer = await fetch(url, { method: "POST", body: withoutFile });
    expect(await outcome(answer)).toEqual({ status: 400, code: "InvalidArgument" });
    expect(await outcome(await post(await presign(), "12345", { key: undefined }))).toMatchObject({ status: 400 });
  });
});

/** An independent signer, written from the AWS General Reference: what is sent can be chosen apart from what is signed. */
function signHeaders(method: string, path: string, payloadHash: string, more: Record<string, string> = {}) {
  const amzDate = new Date().toISOString().replace(/[-:]|\.\d{3}/g, "");
  const scope = `${amzDate.slice(0, 8)}/${REGION}/s3/aws4_request`;
  const host = new URL(room.url).host;
  const signed: Record<string, string> = { host, "x-amz-content-sha256": payloadHash, "x-amz-date": amzDate, ...more };
  const names = Object.keys(signed).sort();
  const canonical = [
    method,
    path,
    "",
    ...names.map((name) => `${name}:${signed[name]}`),
    "",
    names.join(";"),
    payloadHash,
  ];
  const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
  const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();
  const key = scope.split("/").reduce<string | Buffer>(hmac, `AWS4${SECRET_ACCESS_KEY}`);
  const sign = (text: string) => Buffer.from(hmac(key, text)).toString("hex");
  let previous = sign(["AWS4-HMAC-SHA256", amzDate, scope, sha256(canonical.join("\n"))].join("\n"));
  const authorization = `AWS4-HMAC-SHA256 Credential=${ACCESS_KEY_ID}/${scope}, SignedHeaders=${names.join(";")}, Signature=${previous}`;
  const signChunk = (chunk: string) => {
    previous = sign(["AWS4-HMAC-SHA256-PAYLOAD", amzDate, scope, previous, sha256(""), sha256(chunk)].join("\n"));
    return previous;
  };
  return { url: room.url + path, headers: { ...signed, authorization }, signChunk };
}
