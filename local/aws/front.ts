import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { S3Service } from "../s3/s3-service.ts";
import { AwsError } from "./aws-error.ts";
import { sha256Hex } from "./canonical-request.ts";
import { claimedService, verifySigV4, type SigV4Settings } from "./sigv4.ts";

const BODY_BYTES_MAX = 10 * 1024 * 1024;

/** The codes by which AWS's JSON services refuse a signature, where they differ from S3's. */
const JSON_CODES: Readonly<Record<string, string>> = {
  AccessDenied: "MissingAuthenticationTokenException",
  AuthorizationHeaderMalformed: "IncompleteSignatureException",
  InvalidAccessKeyId: "UnrecognizedClientException",
  RequestTimeTooSkewed: "InvalidSignatureException",
  SignatureDoesNotMatch: "InvalidSignatureException",
};

/** A stand-in for one AWS service that speaks JSON; `name` is the service in the credential scope (`mediaconvert`, `ses`, …). */
export interface AwsService {
  readonly name: string;
  /** Answers one request whose signature was verified; `body` is all of it. A throw becomes a 500. */
  handle(request: IncomingMessage, response: ServerResponse, body: Buffer): Promise<void>;
}

/** What the one AWS endpoint needs. Port 0 takes a free port. */
export interface AwsFrontOptions extends SigV4Settings {
  readonly port: number;
  readonly host: string;
  readonly s3: S3Service;
  readonly services: readonly AwsService[];
  readonly onError?: (error: unknown) => void;
}

/** A running server. */
export interface RunningServer {
  readonly url: string;
  readonly port: number;
  /** Stops listening and ends open connections. */
  close(): Promise<void>;
}

/**
 * Starts one HTTP server for all AWS services. The service is read from the SigV4 credential scope, so that clients need only this one endpoint; what
 * has no signature (preflights, browser forms, anonymous requests) is S3's. S3 streams its bodies; for every other service the body (at most
 * 10 MB) is read and the signature verified over it before `handle` is called.
 */
export async function startAwsFront(options: AwsFrontOptions): Promise<RunningServer> {
  const services = new Map(options.services.map((service) => [service.name, service]));
  const server = createServer((request, response) => {
    route(request, response, services, options).catch((error: unknown) => {
      options.onError?.(error);
      refuse(request, response, new AwsError(500, "InternalFailure", "The request processing has failed."));
    });
  });
  // Uploads may take as long as they take.
  server.requestTimeout = 0;
  return listen(server, options.port, options.host);
}

/** Binds a server and resolves once it accepts connections. */
export async function listen(server: Server, port: number, host: string): Promise<RunningServer> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `http://${host}:${bound}`,
    port: bound,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}

async function route(
  request: IncomingMessage,
  response: ServerResponse,
  services: ReadonlyMap<string, AwsService>,
  options: AwsFrontOptions,
): Promise<void> {
  const signable = { method: request.method ?? "GET", rawUrl: request.url ?? "/", headers: request.headersDistinct };
  const name = request.method === "OPTIONS" ? "s3" : (claimedService(signable) ?? "s3");
  if (name === "s3") return options.s3.handle(request, response, options);
  try {
    const service = services.get(name);
    if (service === undefined)
      throw new AwsError(404, "UnknownOperationException", `No stand-in for the service ${name}.`);
    const body = await readBody(request);
    const bodySha256 = sha256Hex(body);
    const { payloadHash } = verifySigV4(signable, options, bodySha256);
    if (payloadHash !== bodySha256) throw new AwsError(403, "SignatureDoesNotMatch", "The body is not the signed one.");
    await service.handle(request, response, body);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    refuse(request, response, error);
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
    size += piece.byteLength;
    if (size > BODY_BYTES_MAX) throw new AwsError(413, "RequestEntityTooLargeException", "Request size exceeds 10 MB.");
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

function refuse(request: IncomingMessage, response: ServerResponse, error: AwsError): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const code = JSON_CODES[error.code] ?? error.code;
  const body = Buffer.from(JSON.stringify({ __type: code, message: error.message }));
  const headers = { "content-type": "application/json", "x-amzn-errortype": code, "content-length": body.length };
  response.writeHead(error.status, headers).end(body);
  request.resume();
}
