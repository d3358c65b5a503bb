import { createHash } from "node:crypto";
import { AwsError } from "../aws/aws-error.ts";
import { hmacSha256, sha256Hex } from "../aws/canonical-request.ts";
import { EMPTY_SHA256, sameHex, signatureMismatch, type VerifiedSignature } from "../aws/sigv4.ts";
import { ByteReader } from "./byte-reader.ts";

const CHUNK_HEADER_BYTES_MAX = 1024;
const TRAILERS_BYTES_MAX = 16 * 1024;

/** The `STREAMING-…` words of `x-amz-content-sha256` that are understood. */
export const STREAMING_PAYLOADS = [
  "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
  "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
  "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
] as const;

/**
 * Yields the bytes inside an `aws-chunked` body. Chunk signatures and the trailer signature are verified where the payload word promises them,
 * each before the next chunk is read; the trailer headers arrive in `trailers` before the generator ends. Throws AwsError (S3 API Reference,
 * "Signature Calculations for the Authorization Header: Transferring Payload in Multiple Chunks").
 */
export async function* decodeAwsChunked(
  source: AsyncIterable<Uint8Array>,
  signature: VerifiedSignature,
  trailers: Map<string, string>,
): AsyncGenerator<Uint8Array> {
  const reader = new ByteReader(source);
  try {
    yield* decodeChunks(reader, signature, trailers);
  } finally {
    await reader.close();
  }
}

async function* decodeChunks(
  reader: ByteReader,
  signature: VerifiedSignature,
  trailers: Map<string, string>,
): AsyncGenerator<Uint8Array> {
  const isSigned = signature.payloadHash.includes("AWS4-HMAC-SHA256");
  let previous = signature.signature;
  for (;;) {
    const chunk = readChunkHeader(await reader.line(CHUNK_HEADER_BYTES_MAX));
    const hash = createHash("sha256");
    for await (const piece of reader.take(chunk.size)) {
      if (isSigned) hash.update(piece);
      yield piece;
    }
    if (isSigned) {
      const parts = ["AWS4-HMAC-SHA256-PAYLOAD", signature.amzDate, signature.scope, previous, EMPTY_SHA256];
      requireSignature(signature, [...parts, hash.digest("hex")], chunk.signature);
      previous = chunk.signature;
    }
    if (chunk.size === 0) break;
    if ((await reader.line(CHUNK_HEADER_BYTES_MAX)) !== "") throw incomplete();
  }
  await readTrailers(reader, signature, previous, trailers);
}

async function readTrailers(
  reader: ByteReader,
  signature: VerifiedSignature,
  previous: string,
  trailers: Map<string, string>,
): Promise<void> {
  let bytes = 0;
  for (;;) {
    const line = await reader.line(TRAILERS_BYTES_MAX);
    bytes += line.length;
    if (bytes > TRAILERS_BYTES_MAX) throw malformedTrailer();
    if (line === "") break;
    const at = line.indexOf(":");
    if (at < 1) throw malformedTrailer();
    trailers.set(line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim());
  }
  if (signature.payloadHash !== "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER") return;
  const claimed = trailers.get("x-amz-trailer-signature") ?? "";
  trailers.delete("x-amz-trailer-signature");
  const canonical = [...trailers].map(([name, value]) => `${name}:${value}\n`).join("");
  const parts = ["AWS4-HMAC-SHA256-TRAILER", signature.amzDate, signature.scope, previous, sha256Hex(canonical)];
  requireSignature(signature, parts, claimed);
}

function readChunkHeader(line: string): { size: number; signature: string } {
  const match = /^([0-9a-fA-F]{1,13})(?:;chunk-signature=([0-9a-f]{64}))?$/.exec(line.trimEnd());
  if (match?.[1] === undefined) throw incomplete();
  return { size: Number.parseInt(match[1], 16), signature: match[2] ?? "" };
}

function requireSignature(signature: VerifiedSignature, parts: readonly string[], claimed: string): void {
  if (!sameHex(claimed, hmacSha256(signature.signingKey, parts.join("\n")))) throw signatureMismatch();
}

function incomplete(): AwsError {
  return new AwsError(
    400,
    "IncompleteBody",
    "The request body terminated unexpectedly or its chunks do not have the announced length",
  );
}

function malformedTrailer(): AwsError {
  return new AwsError(400, "MalformedTrailerError", "The request contained trailing data that was not well-formed.");
}
