import type { IncomingMessage, ServerResponse } from "node:http";
import { AwsError } from "../aws/aws-error.ts";
import { queryPairs, splitTarget } from "../aws/canonical-request.ts";
import { verifyFormSignature, verifySigV4, type SigV4Settings } from "../aws/sigv4.ts";
import { answerPreflight, grantCors } from "./cors.ts";
import { s3Event, type S3Event } from "./events.ts";
import type { ObjectDisk } from "./object-disk.ts";
import { postObject, type UnsignedCall } from "./post-object.ts";
import { operationOf } from "./routing.ts";
import { hostId, newRequestId, s3Errors, sendError, type S3Call } from "./s3-call.ts";

const KEY_BYTES_MAX = 1024;

/** The S3 API over one disk; the front that owns the port passes it requests and the account to verify them with. */
export interface S3Service {
  handle(request: IncomingMessage, response: ServerResponse, settings: SigV4Settings): Promise<void>;
}

/**
 * Makes the S3 REST API (path-style addressing) over a disk. `onEvent` gets what EventBridge would get for each object created or deleted;
 * `onError` gets what became a 500.
 */
export function createS3Service(options: {
  readonly disk: ObjectDisk;
  readonly onEvent?: (event: S3Event) => void;
  readonly onError?: (error: unknown) => void;
}): S3Service {
  return {
    async handle(request, response, settings) {
      const requestId = newRequestId();
      response.setHeader("x-amz-request-id", requestId);
      response.setHeader("x-amz-id-2", hostId(requestId));
      response.setHeader("server", "AmazonS3");
      try {
        await answer(readCall(request, response, requestId, settings, options), settings);
      } catch (error) {
        if (error instanceof AwsError) sendError(request, response, error, requestId);
        else if (isGone(error)) response.destroy();
        else {
          options.onError?.(error);
          const internal = new AwsError(500, "InternalError", "We encountered an internal error. Please try again.");
          sendError(request, response, internal, requestId);
        }
      } finally {
        request.resume();
      }
    },
  };
}

async function answer(call: UnsignedCall, settings: SigV4Settings): Promise<void> {
  const { request, response, disk, bucket } = call;
  const rules = await disk.getCors(bucket);
  if (request.method === "OPTIONS") {
    answerPreflight(request, response, rules);
    return;
  }
  grantCors(request, response, rules);
  if (Buffer.byteLength(call.key) > KEY_BYTES_MAX) {
    throw new AwsError(400, "KeyTooLongError", "Your key is too long", {
      Size: String(Buffer.byteLength(call.key)),
      MaxSizeAllowed: String(KEY_BYTES_MAX),
    });
  }
  if (isFormUpload(call)) {
    await requireBucket(call);
    await postObject(call, (fields) => verifyFormSignature(fields, settings), settings.now());
    return;
  }
  const headers = request.headersDistinct;
  const signature = verifySigV4({ method: request.method ?? "GET", rawUrl: request.url ?? "/", headers }, settings);
  if (signature.service !== "s3") throw new AwsError(403, "AccessDenied", "Access Denied");
  const signed: S3Call = { ...call, signature };
  const operation = operationOf(signed);
  const creates = request.method === "PUT" && call.key === "" && !call.query.has("cors");
  if (bucket !== "" && !creates) await requireBucket(call);
  await operation(signed);
}

function readCall(
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
  settings: SigV4Settings,
  options: { readonly disk: ObjectDisk; readonly onEvent?: (event: S3Event) => void },
): UnsignedCall {
  const { path, query } = splitTarget(request.url ?? "/");
  const [bucket, key] = decodePath(path);
  const sourceIp = request.socket.remoteAddress ?? "127.0.0.1";
  const { region } = settings;
  return {
    request,
    response,
    requestId,
    disk: options.disk,
    region,
    bucket,
    key,
    query: decodeQuery(query),
    announce: (happening) =>
      options.onEvent?.(s3Event(happening, { now: settings.now(), region, requestId, sourceIp })),
  };
}

function decodePath(path: string): [bucket: string, key: string] {
  const slash = path.indexOf("/", 1);
  try {
    return slash < 0
      ? [decodeURIComponent(path.slice(1)), ""]
      : [decodeURIComponent(path.slice(1, slash)), decodeURIComponent(path.slice(slash + 1))];
  } catch {
    throw invalidUri();
  }
}

function decodeQuery(query: string): Map<string, string> {
  try {
    return new Map(queryPairs(query));
  } catch {
    throw invalidUri();
  }
}

function invalidUri(): AwsError {
  return new AwsError(400, "InvalidURI", "Couldn't parse the specified URI.");
}

function isFormUpload({ request, key, query }: UnsignedCall): boolean {
  const contentType = request.headers["content-type"] ?? "";
  return request.method === "POST" && key === "" && !query.has("delete") && /^multipart\/form-data/i.test(contentType);
}

async function requireBucket(call: UnsignedCall): Promise<void> {
  if (!(await call.disk.hasBucket(call.bucket))) throw s3Errors.noSuchBucket(call.bucket);
}

const GONE = new Set(["ECONNRESET", "EPIPE", "ERR_STREAM_PREMATURE_CLOSE", "ERR_STREAM_UNABLE_TO_PIPE"]);

/** Whether the client went away while, or before, we talked. */
function isGone(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && GONE.has(code);
}
