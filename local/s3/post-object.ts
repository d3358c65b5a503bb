import { AwsError } from "../aws/aws-error.ts";
import { UnexpectedEnd, type ByteReader } from "./byte-reader.ts";
import { base64, CHECKSUM_ALGORITHMS, startChecksum, type Checksums } from "./checksums.ts";
import { openForm, readUploadForm, type UploadForm } from "./form-data.ts";
import { attributesOfForm } from "./object-headers.ts";
import { announceCreated } from "./objects.ts";
import { badChecksum } from "./payload.ts";
import { checkPostPolicy, type SizeRange } from "./post-policy.ts";
import { s3Errors, sendEmpty, type S3Call } from "./s3-call.ts";
import type { StoredObject } from "./stored-object.ts";
import { xmlDocument } from "./xml.ts";

const KEY_BYTES_MAX = 1024;

/** A call whose signature is in its body. */
export type UnsignedCall = Omit<S3Call, "signature">;

/**
 * Stores a file that a browser form uploads (S3 API Reference, "POST Object"): form signature, policy conditions, size range while the bytes arrive,
 * then 204, 201 with XML, 200 or a 303 redirect as the form wishes.
 */
export async function postObject(
  call: UnsignedCall,
  verify: (fields: ReadonlyMap<string, string>) => void,
  now: Date,
): Promise<void> {
  const reader = openForm(call.request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>);
  try {
    await storeForm(call, reader, verify, now);
  } finally {
    await reader.close();
  }
}

async function storeForm(
  call: UnsignedCall,
  reader: ByteReader,
  verify: (fields: ReadonlyMap<string, string>) => void,
  now: Date,
): Promise<void> {
  const form = await readForm(reader, call.request.headers["content-type"] ?? "");
  if (!form.fields.has("key")) {
    throw s3Errors.invalidArgument(
      "Bucket POST must contain a field named 'key'.  If it is specified, please check the order of the fields.",
      "key",
      "",
    );
  }
  verify(form.fields);
  const key = (form.fields.get("key") ?? "").replaceAll("${filename}", form.fileName);
  if (key === "") throw s3Errors.invalidArgument("User key must have a length greater than 0.", "key", "");
  if (Buffer.byteLength(key) > KEY_BYTES_MAX) throw new AwsError(400, "KeyTooLongError", "Your key is too long");
  const named = new Map([...form.fields, ["bucket", call.bucket], ["key", key]]);
  const range = checkPostPolicy(form.fields.get("policy") ?? "", named, now);
  const checksum = formChecksum(form.fields);
  const object = await call.disk.put(call.bucket, key, sizedBytes(form.file, range, checksum.see), {
    ...attributesOfForm(form.fields),
    checksums: checksum.verified,
  });
  announceCreated(call, "POST Object", object);
  answer(call, form.fields, object);
}

async function readForm(reader: ByteReader, contentType: string): Promise<UploadForm> {
  try {
    return await readUploadForm(reader, contentType);
  } catch (error) {
    if (!(error instanceof UnexpectedEnd || error instanceof RangeError)) throw error;
    throw new AwsError(
      400,
      "MalformedPOSTRequest",
      "The body of your POST request is not well-formed multipart/form-data.",
    );
  }
}

async function* sizedBytes(
  file: AsyncIterable<Uint8Array>,
  range: SizeRange | undefined,
  see: (piece: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  const { min, max } = range ?? { min: 0, max: Infinity };
  let size = 0;
  try {
    for await (const piece of file) {
      size += piece.byteLength;
      if (size > max) {
        throw new AwsError(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size", {
          ProposedSize: String(size),
          MaxSizeAllowed: String(max),
        });
      }
      see(piece);
      yield piece;
    }
  } catch (error) {
    if (!(error instanceof UnexpectedEnd)) throw error;
    throw new AwsError(400, "IncompleteBody", "The form ended inside its file.");
  }
  if (size >= min) return;
  throw new AwsError(400, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size", {
    ProposedSize: String(size),
    MinSizeAllowed: String(min),
  });
}

function formChecksum(fields: ReadonlyMap<string, string>): {
  see: (piece: Uint8Array) => void;
  verified: () => Checksums;
} {
  const algorithm = CHECKSUM_ALGORITHMS.find((name) => fields.has(`x-amz-checksum-${name}`));
  if (algorithm === undefined) return { see: () => undefined, verified: () => ({}) };
  const running = startChecksum(algorithm);
  return {
    see: (piece) => running.update(piece),
    verified: () => {
      const computed = base64(running.digest());
      if (computed !== fields.get(`x-amz-checksum-${algorithm}`)) throw badChecksum(algorithm);
      return { [algorithm]: computed };
    },
  };
}

function answer(call: UnsignedCall, fields: ReadonlyMap<string, string>, object: StoredObject): void {
  const path = `${call.bucket}/${encodeURIComponent(object.key).replaceAll("%2F", "/")}`;
  const location = `http://${call.request.headers.host ?? ""}/${path}`;
  const etag = `"${object.etag}"`;
  const redirect = redirectTarget(fields.get("success_action_redirect") ?? fields.get("redirect"));
  if (redirect !== undefined) {
    redirect.searchParams.append("bucket", call.bucket);
    redirect.searchParams.append("key", object.key);
    redirect.searchParams.append("etag", etag);
    call.response.writeHead(303, { location: redirect.href, etag, "content-length": "0" }).end();
    return;
  }
  const status = fields.get("success_action_status");
  if (status !== "201") {
    sendEmpty(call, status === "200" ? 200 : 204, { location, etag });
    return;
  }
  const tree = { Location: location, Bucket: call.bucket, Key: object.key, ETag: etag };
  const body = Buffer.from(xmlDocument("PostResponse", tree, null));
  const headers = { location, etag, "content-type": "application/xml", "content-length": body.length };
  call.response.writeHead(201, headers).end(body);
}

/** A redirect that is no http URL is ignored, as S3 ignores it. */
function redirectTarget(text: string | undefined): URL | undefined {
  const url = text === undefined ? undefined : URL.parse(text);
  return url !== undefined && url !== null && /^https?:$/.test(url.protocol) ? url : undefined;
}
