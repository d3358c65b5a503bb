import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { AwsError } from "../aws/aws-error.ts";
import type { VerifiedSignature } from "../aws/sigv4.ts";
import type { ObjectDisk } from "./object-disk.ts";
import type { S3Happening } from "./events.ts";
import { xmlDocument, type XmlTree } from "./xml.ts";

/** One authenticated request to the S3 API, parsed as far as every operation needs it. */
export interface S3Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly disk: ObjectDisk;
  readonly signature: VerifiedSignature;
  readonly region: string;
  readonly requestId: string;
  /** Empty for the list of buckets. */
  readonly bucket: string;
  /** Empty for operations on a bucket. */
  readonly key: string;
  readonly query: ReadonlyMap<string, string>;
  readonly announce: (happening: S3Happening) => void;
}

/**
 * A request header, or, for presigned requests, the `x-amz-…` query parameter that stands for it (signers hoist such headers into the query).
 * Names are lower case; an empty value is no value.
 */
export function headerOf(call: S3Call, name: string): string | undefined {
  const value = call.request.headersDistinct[name]?.join(",");
  if (value !== undefined) return value === "" ? undefined : value;
  if (call.signature.via !== "query" || !name.startsWith("x-amz-")) return undefined;
  for (const [queryName, queryValue] of call.query) {
    if (queryName.toLowerCase() === name && queryValue !== "") return queryValue;
  }
  return undefined;
}

/** All request headers and hoisted query parameters whose names begin with a prefix, without the prefix. */
export function headersWithPrefix(call: S3Call, prefix: string): Record<string, string> {
  const found: Record<string, string> = {};
  const hoisted = call.signature.via === "query" ? [...call.query.keys()].map((name) => name.toLowerCase()) : [];
  for (const name of new Set([...Object.keys(call.request.headersDistinct), ...hoisted])) {
    const value = name.startsWith(prefix) ? headerOf(call, name) : undefined;
    if (value !== undefined) found[name.slice(prefix.length)] = value;
  }
  return found;
}

/** A new request id as S3 prints them. */
export function newRequestId(): string {
  return Buffer.from(randomBytes(8)).toString("hex").toUpperCase();
}

/** Sends an XML result. */
export function sendXml(
  call: S3Call,
  root: string,
  content: XmlTree | string,
  headers: Record<string, string> = {},
): void {
  const body = Buffer.from(xmlDocument(root, content));
  call.response.writeHead(200, { ...headers, "content-type": "application/xml", "content-length": body.length });
  call.response.end(body);
}

/** Sends a result without a body. */
export function sendEmpty(call: Pick<S3Call, "response">, status: number, headers: Record<string, string> = {}): void {
  const length = status === 204 ? {} : { "content-length": "0" };
  call.response.writeHead(status, { ...headers, ...length }).end();
}

/** Sends a refusal in S3's error shape; the rest of an unread body is then read and dropped, as a client that still sends would not hear the refusal. */
export function sendError(
  request: IncomingMessage,
  response: ServerResponse,
  error: AwsError,
  requestId: string,
): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const document = xmlDocument(
    "Error",
    {
      Code: error.code,
      Message: error.message,
      ...error.details,
      Resource: (request.url ?? "/").split("?", 1)[0],
      RequestId: requestId,
      HostId: hostId(requestId),
    },
    null,
  );
  const body = Buffer.from(document);
  response.writeHead(error.status, { "content-type": "application/xml", "content-length": body.length });
  response.end(request.method === "HEAD" ? undefined : body);
  request.resume();
}

/** The `x-amz-id-2` that goes with a request id. */
export function hostId(requestId: string): string {
  return Buffer.from(`local-${requestId}`).toString("base64");
}

/** The refusals that several operations share, worded as S3 words them. */
export const s3Errors = {
  noSuchBucket: (bucket: string) =>
    new AwsError(404, "NoSuchBucket", "The specified bucket does not exist", { BucketName: bucket }),
  noSuchKey: (key: string) => new AwsError(404, "NoSuchKey", "The specified key does not exist.", { Key: key }),
  noSuchUpload: (uploadId: string) =>
    new AwsError(
      404,
      "NoSuchUpload",
      "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
      { UploadId: uploadId },
    ),
  malformedXml: () =>
    new AwsError(
      400,
      "MalformedXML",
      "The XML you provided was not well-formed or did not validate against our published schema",
    ),
  invalidArgument: (message: string, name: string, value: string) =>
    new AwsError(400, "InvalidArgument", message, { ArgumentName: name, ArgumentValue: value }),
  preconditionFailed: (condition: string) =>
    new AwsError(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold", {
      Condition: condition,
    }),
  notImplemented: (what: string) =>
    new AwsError(501, "NotImplemented", `${what} implies functionality that is not implemented`),
  methodNotAllowed: (method: string) =>
    new AwsError(405, "MethodNotAllowed", "The specified method is not allowed against this resource.", {
      Method: method,
    }),
};
