import { ListJobsCommand, GetQueueCommand, MediaConvertClient } from "@aws-sdk/client-mediaconvert";
import { ListBucketsCommand } from "@aws-sdk/client-s3";
import { SESv2Client, SendEmailCommand } from "@aws-sdk/client-sesv2";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { AwsService } from "#local/aws/front.ts";
import { ACCESS_KEY_ID, openS3Room, outcome, refusal, REGION, SECRET_ACCESS_KEY, type S3Room } from "./s3-room.ts";

const calls: { service: string; url: string | undefined; body: string }[] = [];
const recorder = (name: string): AwsService => ({
  name,
  async handle(request, response, body) {
    calls.push({ service: name, url: request.url, body: Buffer.from(body).toString() });
    response
      .writeHead(200, { "content-type": "application/json" })
      .end('{"jobs":[],"MessageId":"m-1","queue":{"name":"q"}}');
  },
});
const credentials = { accessKeyId: ACCESS_KEY_ID, secretAccessKey: SECRET_ACCESS_KEY };
let room: S3Room;

beforeAll(async () => {
  room = await openS3Room([recorder("mediaconvert"), recorder("ses")]);
});

beforeEach(() => {
  calls.length = 0;
  room.clockOffsetMs = 0;
});

afterAll(async () => {
  expect(room.errors).toEqual([]);
  await room.close();
});

const config = (more: object = {}) => ({ endpoint: room.url, region: REGION, credentials, maxAttempts: 1, ...more });
const email = (size: number) =>
  new SendEmailCommand({ FromEmailAddress: "a@example.jp", Content: { Raw: { Data: new Uint8Array(size) } } });

test("brings each service's calls to it by credential scope, whole and verified", async () => {
  await new MediaConvertClient(config()).send(new ListJobsCommand({ MaxResults: 3 }));
  await new MediaConvertClient(config()).send(new GetQueueCommand({ Name: "arn:aws:mediaconvert:x/日本" }));
  const sent = await new SESv2Client(config()).send(email(20));
  expect(sent.MessageId).toBe("m-1");
  expect((await room.client().send(new ListBucketsCommand({}))).Buckets ?? []).toEqual([]);
  expect(calls.map(({ service }) => service)).toEqual(["mediaconvert", "mediaconvert", "ses"]);
  expect(JSON.parse(calls[2]!.body)).toMatchObject({ FromEmailAddress: "a@example.jp" });
});

test("refuses a wrong secret, an unknown key and a skewed clock before the service sees them", async () => {
  const ses = (more: object) => refusal(new SESv2Client(config(more)).send(email(1)));
  const wrong = { credentials: { ...credentials, secretAccessKey: "wrong" } };
  expect(await ses(wrong)).toEqual({ name: "InvalidSignatureException", status: 403 });
  const unknown = { credentials: { ...credentials, accessKeyId: "AKIDUNKNOWN" } };
  expect(await ses(unknown)).toEqual({ name: "UnrecognizedClientException", status: 403 });
  room.clockOffsetMs = 16 * 60_000;
  expect(await ses({})).toEqual({ name: "InvalidSignatureException", status: 403 });
  expect(calls).toEqual([]);
});

test("refuses a body above 10 MB", async () => {
  const answer = refusal(new SESv2Client(config()).send(email(9_000_000)));
  expect(await answer).toEqual({ name: "RequestEntityTooLargeException", status: 413 });
  expect(calls).toEqual([]);
});

test("answers what is unsigned as S3 does", async () => {
  const answer = await fetch(`${room.url}/2017-08-29/jobs`, { method: "POST", body: "{}" });
  expect(await outcome(answer)).toEqual({ status: 403, code: "AccessDenied" });
  expect(calls).toEqual([]);
});

test("names the service that has no stand-in", async () => {
  const header = "AWS4-HMAC-SHA256 Credential=k/20260101/r/polly/aws4_request, SignedHeaders=host, Signature=0";
  const answer = await fetch(room.url, { headers: { authorization: header } });
  expect(answer.status).toBe(404);
  expect(await answer.json()).toMatchObject({
    __type: "UnknownOperationException",
    message: expect.stringContaining("polly"),
  });
});
