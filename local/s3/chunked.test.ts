import { expect, test } from "vitest";
import { deriveSigningKey } from "../aws/canonical-request.ts";
import { decodeAwsChunked } from "./chunked.ts";

/** The worked example of the S3 API Reference, "Transferring Payload in Multiple Chunks": 65 kB of the letter a in two chunks. */
const signature = {
  via: "header" as const,
  service: "s3",
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  amzDate: "20130524T000000Z",
  scope: "20130524/us-east-1/s3/aws4_request",
  signature: "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
  signingKey: deriveSigningKey("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "20130524", "us-east-1", "s3"),
  payloadHash: "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
};
const BODY = [
  "10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
  "a".repeat(65_536),
  "400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
  "a".repeat(1024),
  "0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
  "",
  "",
].join("\r\n");

async function* inPieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < text.length; at += size) yield Buffer.from(text.slice(at, at + size));
}

async function decode(text: string, pieceSize = 1000, payloadHash = signature.payloadHash) {
  const trailers = new Map<string, string>();
  const pieces: Uint8Array[] = [];
  for await (const piece of decodeAwsChunked(inPieces(text, pieceSize), { ...signature, payloadHash }, trailers)) {
    pieces.push(piece);
  }
  return { text: Buffer.concat(pieces).toString(), trailers };
}

test("verifies AWS's own example however the bytes arrive", async () => {
  for (const pieceSize of [7, 1000, 1_000_000]) {
    expect((await decode(BODY, pieceSize)).text).toBe("a".repeat(66_560));
  }
});

test("refuses a changed byte, a changed signature, and swapped or missing chunks", async () => {
  const at = BODY.indexOf("aaaa");
  await expect(decode(`${BODY.slice(0, at)}b${BODY.slice(at + 1)}`)).rejects.toThrow("signature");
  await expect(decode(BODY.replace("0055627c", "1055627c"))).rejects.toThrow("signature");
  const [first, bytes, , , ...end] = BODY.split("\r\n");
  await expect(decode([first, bytes, ...end].join("\r\n"))).rejects.toThrow("signature");
  await expect(decode(BODY.slice(0, -200))).rejects.toThrow();
});

test("hands over the trailers of an unsigned stream", async () => {
  const body = "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n";
  const { text, trailers } = await decode(body, 3, "STREAMING-UNSIGNED-PAYLOAD-TRAILER");
  expect(text).toBe("hello");
  expect([...trailers]).toEqual([["x-amz-checksum-crc32", "NhCmhg=="]]);
});

test("refuses what is not framed as announced", async () => {
  const unsigned = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
  for (const body of ["hello", "zz\r\nhello\r\n", "4\r\nhello\r\n0\r\n\r\n", "5\r\nhel"]) {
    await expect(decode(body, 1000, unsigned)).rejects.toThrow();
  }
});
