import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { ModelViolation } from "./model-json.ts";

/** One AWS service behind the shared front: requests arrive with their SigV4 signature already verified. */
export interface AwsService {
  /** The service name of the SigV4 credential scope, e.g. `mediaconvert`. */
  readonly name: string;
  handle(request: IncomingMessage, response: ServerResponse, body: Buffer): Promise<void>;
}

/** An error of an AWS REST-JSON service: HTTP status, exception name (`x-amzn-errortype`) and message. */
export class AwsJsonError extends Error {
  readonly status: number;
  readonly type: string;
  constructor(status: number, type: string, message: string) {
    super(message);
    this.name = "AwsJsonError";
    this.status = status;
    this.type = type;
  }
}

/** 400 `BadRequestException`, the answer of MediaConvert and SES to a request they cannot accept. */
export function badRequest(message: string): AwsJsonError {
  return new AwsJsonError(400, "BadRequestException", message);
}

/** Sends a JSON answer with a request id, as AWS REST-JSON services do. */
export function sendAwsJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(text)),
    "x-amzn-requestid": randomUUID(),
    ...headers,
  });
  response.end(text);
}

/** Turns what an operation threw into the service's error answer; anything unforeseen becomes a 500 `InternalServerErrorException`. */
export function sendAwsError(response: ServerResponse, error: unknown): void {
  const known =
    error instanceof AwsJsonError
      ? error
      : error instanceof ModelViolation
        ? badRequest(error.message)
        : new AwsJsonError(500, "InternalServerErrorException", error instanceof Error ? error.message : String(error));
  sendAwsJson(response, known.status, { message: known.message }, { "x-amzn-errortype": known.type });
}

/** Parses a request body that must be JSON. */
export function parseJsonBody(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    throw badRequest("The request body is not valid JSON.");
  }
}
