import { AwsError } from "../aws/aws-error.ts";
import { ByteReader } from "./byte-reader.ts";

const PART_HEADERS_BYTES_MAX = 8 * 1024;
const FIELDS_BYTES_MAX = 20_000;

/** A browser form up to its file: every field before the file by lower-case name, and the file still unread. */
export interface UploadForm {
  readonly fields: ReadonlyMap<string, string>;
  readonly fileName: string;
  readonly file: AsyncIterable<Uint8Array>;
}

/**
 * Reads `multipart/form-data` (RFC 7578) up to the field `file`; what follows the file is ignored, as S3 ignores it. Throws AwsError for a body
 * that is no such form, has no file, or has more than 20 kB before it.
 */
export async function readUploadForm(reader: ByteReader, contentType: string): Promise<UploadForm> {
  const boundary = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;]{1,70}))/i.exec(contentType);
  const marker = boundary?.[1] ?? boundary?.[2];
  if (marker === undefined) throw malformed();
  const delimiter = Buffer.from(`\r\n--${marker}`);
  const fields = new Map<string, string>();
  let bytes = (await collect(reader.until(delimiter), FIELDS_BYTES_MAX)).length;
  for (;;) {
    const afterDelimiter = await reader.line(PART_HEADERS_BYTES_MAX);
    if (afterDelimiter.startsWith("--")) throw noFile();
    if (afterDelimiter.trim() !== "") throw malformed();
    const disposition = await readDisposition(reader);
    if (disposition.name === "file") {
      return { fields, fileName: disposition.fileName, file: reader.until(delimiter) };
    }
    const value = await collect(reader.until(delimiter), FIELDS_BYTES_MAX - bytes);
    bytes += value.length;
    fields.set(disposition.name, Buffer.from(value).toString("utf8"));
  }
}

/** A reader over a form's body, for `readUploadForm`; its first delimiter gets the CRLF that it lacks. The caller closes it. */
export function openForm(source: AsyncIterable<Uint8Array>): ByteReader {
  return new ByteReader(withLeadingLine(source));
}

async function* withLeadingLine(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield Buffer.from("\r\n");
  yield* source;
}

async function readDisposition(reader: ByteReader): Promise<{ name: string; fileName: string }> {
  let disposition = "";
  for (;;) {
    const line = await reader.line(PART_HEADERS_BYTES_MAX);
    if (line === "") break;
    if (/^content-disposition\s*:/i.test(line)) disposition = Buffer.from(line, "latin1").toString("utf8");
  }
  const parameter = (name: string) => new RegExp(`;\\s*${name}="((?:[^"\\\\]|\\\\.)*)"`, "i").exec(disposition)?.[1];
  const name = parameter("name");
  if (name === undefined) throw malformed();
  const fileName = (parameter("filename") ?? "").split(/[\\/]/).at(-1) ?? "";
  return { name: name.toLowerCase(), fileName };
}

async function collect(pieces: AsyncIterable<Uint8Array>, bytesMax: number): Promise<Uint8Array> {
  const kept: Uint8Array[] = [];
  let size = 0;
  for await (const piece of pieces) {
    size += piece.byteLength;
    if (size > bytesMax) {
      throw new AwsError(
        400,
        "MaxPostPreDataLengthExceeded",
        "Your POST request fields preceding the upload file were too large.",
      );
    }
    kept.push(piece);
  }
  return Buffer.concat(kept);
}

function malformed(): AwsError {
  return new AwsError(
    400,
    "MalformedPOSTRequest",
    "The body of your POST request is not well-formed multipart/form-data.",
  );
}

function noFile(): AwsError {
  return new AwsError(400, "InvalidArgument", "POST requires exactly one file upload per request.", {
    ArgumentName: "file",
    ArgumentValue: "0",
  });
}
