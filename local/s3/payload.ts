import { createHash } from "node:crypto";
import { AwsError } from "../aws/aws-error.ts";
import { UNSIGNED_PAYLOAD } from "../aws/sigv4.ts";
import { UnexpectedEnd } from "./byte-reader.ts";
import {
  base64,
  CHECKSUM_ALGORITHMS,
  isChecksumAlgorithm,
  startChecksum,
  type ChecksumAlgorithm,
  type Checksums,
} from "./checksums.ts";
import { decodeAwsChunked, STREAMING_PAYLOADS } from "./chunked.ts";
import { headerOf, type S3Call } from "./s3-call.ts";

const PAYLOAD_BYTES_MAX = 5 * 1024 ** 3;
const DIGEST_BYTES: Readonly<Record<ChecksumAlgorithm, number>> = {
  crc32: 4,
  crc32c: 4,
  crc64nvme: 8,
  sha1: 20,
  sha256: 32,
};

/** A request body being read. `bytes` throws at its end when any promise about the body (hash, checksum, MD5, length) is broken. */
export interface Payload {
  readonly bytes: AsyncIterable<Uint8Array>;
  /** The verified client checksum, and those computed on the server's own wish; complete after the last byte. */
  readonly checksums: () => Checksums;
}

interface ClientChecksum {
  readonly algorithm: ChecksumAlgorithm;
  /** Undefined until the trailer is read. */
  readonly value: string | undefined;
}

/**
 * Opens the body of an upload. Everything the client said about it is checked: declared SHA-256, chunk signatures, `x-amz-checksum-…` in header,
 * presigned query or trailer, `Content-MD5` and the decoded length. `wanted` asks for one more checksum to be computed.
 */
export function openPayload(call: S3Call, wanted?: ChecksumAlgorithm): Payload {
  const streaming = (STREAMING_PAYLOADS as readonly string[]).includes(call.signature.payloadHash);
  if (!streaming && call.signature.payloadHash.startsWith("STREAMING-")) {
    throw new AwsError(501, "NotImplemented", `x-amz-content-sha256 ${call.signature.payloadHash} is not supported`);
  }
  const expected = expectations(call, streaming);
  const computed: { [A in ChecksumAlgorithm]?: string } = {};
  return { bytes: verifiedBytes(call, streaming, expected, wanted, computed), checksums: () => computed };
}

/** Reads a whole body of at most `bytesMax` bytes, verified as an upload is. */
export async function readPayload(call: S3Call, bytesMax: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of openPayload(call).bytes) {
    size += piece.byteLength;
    if (size > bytesMax) throw new AwsError(400, "MaxMessageLengthExceeded", "Your request was too big.");
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

interface Expectations {
  readonly length: number;
  readonly sha256: string | undefined;
  readonly md5: string | undefined;
  readonly checksum: ClientChecksum | undefined;
}

function expectations(call: S3Call, streaming: boolean): Expectations {
  const { payloadHash } = call.signature;
  const lengthText = headerOf(call, streaming ? "x-amz-decoded-content-length" : "content-length");
  if (lengthText === undefined || !/^\d{1,15}$/.test(lengthText)) {
    throw new AwsError(411, "MissingContentLength", "You must provide the Content-Length HTTP header.");
  }
  const length = Number(lengthText);
  if (length > PAYLOAD_BYTES_MAX) {
    throw new AwsError(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size", {
      ProposedSize: String(length),
      MaxSizeAllowed: String(PAYLOAD_BYTES_MAX),
    });
  }
  const isHashed = !streaming && payloadHash !== UNSIGNED_PAYLOAD;
  if (isHashed && !/^[0-9a-f]{64}$/.test(payloadHash)) {
    throw new AwsError(
      400,
      "InvalidArgument",
      "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, or a valid sha256 value.",
    );
  }
  const md5 = headerOf(call, "content-md5");
  if (md5 !== undefined && !isBase64Of(md5, 16)) {
    throw new AwsError(400, "InvalidDigest", "The Content-MD5 you specified was invalid.");
  }
  return { length, sha256: isHashed ? payloadHash : undefined, md5, checksum: clientChecksum(call, streaming) };
}

function clientChecksum(call: S3Call, streaming: boolean): ClientChecksum | undefined {
  const inHeaders = CHECKSUM_ALGORITHMS.filter((name) => headerOf(call, `x-amz-checksum-${name}`) !== undefined);
  const trailer = streaming ? headerOf(call, "x-amz-trailer")?.trim().toLowerCase() : undefined;
  const inTrailer = trailer?.replace("x-amz-checksum-", "");
  if (trailer !== undefined && !(inTrailer !== undefined && isChecksumAlgorithm(inTrailer))) {
    throw new AwsError(400, "InvalidRequest", "The value specified in the x-amz-trailer header is not supported");
  }
  if (inHeaders.length + (trailer === undefined ? 0 : 1) > 1) {
    throw new AwsError(
      400,
      "InvalidRequest",
      "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
    );
  }
  const [algorithm] = inHeaders;
  if (algorithm !== undefined) {
    const value = headerOf(call, `x-amz-checksum-${algorithm}`) ?? "";
    requireDigest(algorithm, value);
    return { algorithm, value };
  }
  if (inTrailer !== undefined) return { algorithm: inTrailer as ChecksumAlgorithm, value: undefined };
  if (headerOf(call, "x-amz-sdk-checksum-algorithm") !== undefined) {
    throw new AwsError(
      400,
      "InvalidRequest",
      "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.",
    );
  }
  return undefined;
}

async function* verifiedBytes(
  call: S3Call,
  streaming: boolean,
  expected: Expectations,
  wanted: ChecksumAlgorithm | undefined,
  computed: { [A in ChecksumAlgorithm]?: string },
): AsyncGenerator<Uint8Array> {
  const trailers = new Map<string, string>();
  // The request must outlive a body that is given up half-way, or the refusal could not be sent.
  const raw = call.request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
  const decoded = streaming ? decodeAwsChunked(raw, call.signature, trailers) : raw;
  const algorithms = new Set([expected.checksum?.algorithm, wanted].filter((name) => name !== undefined));
  const running = [...algorithms].map((algorithm) => ({ algorithm, digest: startChecksum(algorithm) }));
  const sha256 = createHash("sha256");
  const md5 = createHash("md5");
  let size = 0;
  try {
    for await (const piece of decoded) {
      size += piece.byteLength;
      if (size > expected.length) throw incompleteBody();
      if (expected.sha256 !== undefined) sha256.update(piece);
      if (expected.md5 !== undefined) md5.update(piece);
      for (const { digest } of running) digest.update(piece);
      yield piece;
    }
  } catch (error) {
    throw error instanceof UnexpectedEnd || error instanceof RangeError ? incompleteBody() : error;
  }
  if (size !== expected.length) throw incompleteBody();
  requireSha256(expected.sha256, sha256.digest("hex"));
  if (expected.md5 !== undefined && expected.md5 !== md5.digest("base64")) {
    throw new AwsError(400, "BadDigest", "The Content-MD5 you specified did not match what we received.");
  }
  for (const { algorithm, digest } of running) computed[algorithm] = base64(digest.digest());
  requireChecksum(expected.checksum, trailers, computed);
}

function requireSha256(declared: string | undefined, received: string): void {
  if (declared === undefined || declared === received) return;
  throw new AwsError(
    400,
    "XAmzContentSHA256Mismatch",
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
    { ClientComputedContentSHA256: declared, S3ComputedContentSHA256: received },
  );
}

function requireChecksum(
  client: ClientChecksum | undefined,
  trailers: ReadonlyMap<string, string>,
  computed: Checksums,
): void {
  if (client === undefined) return;
  const value = client.value ?? trailers.get(`x-amz-checksum-${client.algorithm}`);
  if (value === undefined) {
    throw new AwsError(400, "MalformedTrailerError", "The request contained trailing data that was not well-formed.");
  }
  requireDigest(client.algorithm, value);
  if (value !== computed[client.algorithm]) throw badChecksum(client.algorithm);
}

/** The refusal of a checksum that is not the body's. */
export function badChecksum(algorithm: ChecksumAlgorithm): AwsError {
  const name = algorithm.toUpperCase();
  return new AwsError(400, "BadDigest", `The ${name} you specified did not match the calculated checksum.`);
}

function requireDigest(algorithm: ChecksumAlgorithm, value: string): void {
  if (isBase64Of(value, DIGEST_BYTES[algorithm])) return;
  throw new AwsError(400, "InvalidRequest", `Value for x-amz-checksum-${algorithm} header is invalid.`);
}

function isBase64Of(text: string, bytes: number): boolean {
  const decoded = Buffer.from(text, "base64");
  return decoded.length === bytes && decoded.toString("base64") === text;
}

function incompleteBody(): AwsError {
  return new AwsError(
    400,
    "IncompleteBody",
    "You did not provide the number of bytes specified by the Content-Length HTTP header",
  );
}
