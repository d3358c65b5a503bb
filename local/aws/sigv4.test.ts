import { expect, test } from "vitest";
import { claimedService, verifyFormSignature, verifySigV4 } from "./sigv4.ts";
import { canonicalServicePath } from "./canonical-request.ts";

/** The account, requests and signatures of the S3 API Reference, "Authenticating Requests" (its worked examples). */
const settings = {
  region: "us-east-1",
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  now: () => new Date("2013-05-24T00:00:30Z"),
};
const EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

function ranged(signature: string, more: Record<string, string[]> = {}) {
  return {
    method: "GET",
    rawUrl: "/test.txt",
    headers: {
      host: ["examplebucket.s3.amazonaws.com"],
      range: ["bytes=0-9"],
      "x-amz-content-sha256": [EMPTY],
      "x-amz-date": ["20130524T000000Z"],
      authorization: [
        `AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature=${signature}`,
      ],
      ...more,
    },
  };
}
const RANGED_SIGNATURE = "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41";

const PRESIGNED =
  "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404";

const presigned = (rawUrl = PRESIGNED) => ({
  method: "GET",
  rawUrl,
  headers: { host: ["examplebucket.s3.amazonaws.com"] },
});

test("accepts the header signature of AWS's own example", () => {
  expect(verifySigV4(ranged(RANGED_SIGNATURE), settings)).toMatchObject({
    via: "header",
    service: "s3",
    payloadHash: EMPTY,
  });
});

test("accepts the query signature of AWS's own example until it expires", () => {
  const at = (iso: string) => ({ ...settings, now: () => new Date(iso) });
  expect(verifySigV4(presigned(), at("2013-05-25T00:00:00Z"))).toMatchObject({
    via: "query",
    payloadHash: "UNSIGNED-PAYLOAD",
  });
  expect(() => verifySigV4(presigned(), at("2013-05-25T00:00:01Z"))).toThrow("Request has expired");
  expect(() => verifySigV4(presigned(), at("2013-05-23T23:40:00Z"))).toThrow("not yet valid");
});

test("refuses every signature but the right one, whatever its shape", () => {
  for (const wrong of [
    `${RANGED_SIGNATURE.slice(0, -1)}0`,
    RANGED_SIGNATURE.toUpperCase(),
    "0",
    "ü",
    `${RANGED_SIGNATURE}00`,
  ]) {
    expect(() => verifySigV4(ranged(wrong), settings)).toThrow("does not match");
  }
});

test("refuses what the signature does not cover", () => {
  expect(() => verifySigV4(ranged(RANGED_SIGNATURE, { "x-amz-acl": ["public-read"] }), settings)).toThrow("not signed");
  const withoutHost = PRESIGNED.replace("SignedHeaders=host", "SignedHeaders=range");
  expect(() => verifySigV4(presigned(withoutHost), settings)).toThrow("not signed");
  expect(() => verifySigV4(ranged(RANGED_SIGNATURE, { range: ["bytes=0-99"] }), settings)).toThrow("does not match");
  expect(() => verifySigV4(presigned(`${PRESIGNED}&X-Amz-Expires=1`), settings)).toThrow("exactly once");
});

test("refuses a scope of another day or region, and no signature at all", () => {
  const otherDay = PRESIGNED.replace("%2F20130524%2F", "%2F20130523%2F");
  expect(() => verifySigV4(presigned(otherDay), settings)).toThrow("Invalid credential date");
  const otherRegion = PRESIGNED.replace("us-east-1", "eu-west-1");
  expect(() => verifySigV4(presigned(otherRegion), settings)).toThrow("expecting 'us-east-1'");
  expect(() => verifySigV4(presigned("/test.txt"), settings)).toThrow("Access Denied");
  expect(() => verifySigV4(presigned("/%zz"), settings)).toThrow("Couldn't parse");
});

test("accepts the form signature of AWS's own example", () => {
  const policy =
    "eyAiZXhwaXJhdGlvbiI6ICIyMDE1LTEyLTMwVDEyOjAwOjAwLjAwMFoiLA0KICAiY29uZGl0aW9ucyI6IFsNCiAgICB7ImJ1Y2tldCI6ICJzaWd2NGV4YW1wbGVidWNrZXQifSwNCiAgICBbInN0YXJ0cy13aXRoIiwgIiRrZXkiLCAidXNlci91c2VyMS8iXSwNCiAgICB7ImFjbCI6ICJwdWJsaWMtcmVhZCJ9LA0KICAgIHsic3VjY2Vzc19hY3Rpb25fcmVkaXJlY3QiOiAiaHR0cDovL3NpZ3Y0ZXhhbXBsZWJ1Y2tldC5zMy5hbWF6b25hd3MuY29tL3N1Y2Nlc3NmdWxfdXBsb2FkLmh0bWwifSwNCiAgICBbInN0YXJ0cy13aXRoIiwgIiRDb250ZW50LVR5cGUiLCAiaW1hZ2UvIl0sDQogICAgeyJ4LWFtei1tZXRhLXV1aWQiOiAiMTQzNjUxMjM2NTEyNzQifSwNCiAgICB7IngtYW16LXNlcnZlci1zaWRlLWVuY3J5cHRpb24iOiAiQUVTMjU2In0sDQogICAgWyJzdGFydHMtd2l0aCIsICIkeC1hbXotbWV0YS10YWciLCAiIl0sDQoNCiAgICB7IngtYW16LWNyZWRlbnRpYWwiOiAiQUtJQUlPU0ZPRE5ON0VYQU1QTEUvMjAxNTEyMjkvdXMtZWFzdC0xL3MzL2F3czRfcmVxdWVzdCJ9LA0KICAgIHsieC1hbXotYWxnb3JpdGhtIjogIkFXUzQtSE1BQy1TSEEyNTYifSwNCiAgICB7IngtYW16LWRhdGUiOiAiMjAxNTEyMjlUMDAwMDAwWiIgfQ0KICBdDQp9";
  const fields = new Map([
    ["policy", policy],
    ["x-amz-algorithm", "AWS4-HMAC-SHA256"],
    ["x-amz-credential", "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request"],
    ["x-amz-date", "20151229T000000Z"],
    ["x-amz-signature", "8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e"],
  ]);
  expect(verifyFormSignature(fields, settings)).toMatchObject({ via: "form" });
  expect(() => verifyFormSignature(new Map([...fields, ["policy", `${policy}=`]]), settings)).toThrow("does not match");
});

test("reads the service out of header and query credentials", () => {
  expect(claimedService(presigned())).toBe("s3");
  expect(claimedService(ranged("0"))).toBe("s3");
  expect(claimedService(presigned("/"))).toBeUndefined();
});

test("encodes the path of other services twice, after normalising it", () => {
  expect(canonicalServicePath("/2017-08-29/queues/arn%3Aaws")).toBe("/2017-08-29/queues/arn%253Aaws");
  expect(canonicalServicePath("/a/./b//../c/")).toBe("/a/c/");
  expect(canonicalServicePath("/")).toBe("/");
});
