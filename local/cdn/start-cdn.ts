import { createPublicKey, randomBytes, type KeyObject } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { listen, type RunningServer } from "../aws/front.ts";
import { planRead, type ReadPlan } from "../s3/conditions.ts";
import type { ObjectDisk, StoredObject } from "../s3/object-disk.ts";
import { objectHeaders } from "../s3/object-headers.ts";
import { sendFile } from "../s3/send-file.ts";
import { xmlDocument } from "../s3/xml.ts";
import { contentTypeOf } from "./content-types.ts";
import { refuseViewer } from "./signed-access.ts";

const SEEN_OBJECTS_MAX = 10_000;
const EXPOSED = "Content-Range, Content-Length, ETag, Accept-Ranges, Date, Age, X-Cache";
const PREFLIGHT_MAX_AGE_SECONDS = "600";

/** A distribution over one bucket. Prefixes begin and end with `/`; what lies under none of them is refused. */
export interface CdnOptions {
  readonly port: number;
  readonly host: string;
  readonly disk: ObjectDisk;
  readonly bucket: string;
  /** Trusted public keys (PEM) by key pair id. */
  readonly keyPairs: Readonly<Record<string, string>>;
  /** Need a signed URL or signed cookies. */
  readonly signedPrefixes: readonly string[];
  /** Open to everyone. */
  readonly publicPrefixes: readonly string[];
  /** `*` answers without credentials; a list echoes the origin and allows credentials (cookies). */
  readonly allowedOrigins: readonly string[] | "*";
  readonly now: () => Date;
  readonly onError?: (error: unknown) => void;
}

interface Cdn extends CdnOptions {
  readonly keys: ReadonlyMap<string, KeyObject>;
  /** What was served before, so that `x-cache` tells a miss from a hit. */
  readonly seen: Set<string>;
}

/**
 * Starts a stand-in for a CloudFront distribution. It verifies signed URLs and signed cookies with the public keys and serves objects with ranges,
 * conditions and CORS. Nothing is cached: an object changed on disk is served changed. It writes no log.
 */
export async function startCdn(options: CdnOptions): Promise<RunningServer> {
  const keys = new Map(Object.entries(options.keyPairs).map(([id, pem]) => [id, createPublicKey(pem)]));
  const cdn: Cdn = { ...options, keys, seen: new Set() };
  const server = createServer((request, response) => {
    answer(cdn, request, response).catch((error: unknown) => {
      if (response.headersSent || response.destroyed) {
        response.destroy();
        return;
      }
      options.onError?.(error);
      sendError(response, 502, "BadGateway", "The origin did not answer.", false);
    });
  });
  return listen(server, options.port, options.host);
}

async function answer(cdn: Cdn, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const isHead = request.method === "HEAD";
  response.setHeader("x-amz-cf-id", Buffer.from(randomBytes(18)).toString("base64url"));
  response.setHeader("via", "1.1 local.cloudfront.net (CloudFront)");
  grantCors(cdn, request, response);
  if (request.method === "OPTIONS") {
    response.writeHead(204).end();
    return;
  }
  if (request.method !== "GET" && !isHead) {
    const message =
      "This distribution is not configured to allow the HTTP request method that was used for this request.";
    sendError(response, 403, "AccessDenied", message, false);
    return;
  }
  const target = request.url ?? "/";
  const key = keyOf(target);
  const refusal = key === undefined ? { code: "AccessDenied", message: "Access Denied" } : refuse(cdn, request, target);
  if (key === undefined || refusal !== undefined) {
    sendError(response, 403, refusal?.code ?? "AccessDenied", refusal?.message ?? "Access Denied", isHead);
    return;
  }
  await serve(cdn, request, response, key);
}

function refuse(cdn: Cdn, request: IncomingMessage, target: string) {
  const beginsWith = (prefix: string) => target.startsWith(prefix);
  if (cdn.signedPrefixes.some(beginsWith)) {
    const viewer = {
      origin: `http://${request.headers.host ?? ""}`,
      target,
      cookieHeader: request.headers.cookie,
      ip: request.socket.remoteAddress ?? "",
    };
    return refuseViewer(viewer, cdn.keys, cdn.now());
  }
  return cdn.publicPrefixes.some(beginsWith) ? undefined : { code: "AccessDenied", message: "Access Denied" };
}

function keyOf(target: string): string | undefined {
  try {
    return decodeURIComponent((target.split("?", 1)[0] ?? "").slice(1));
  } catch {
    return undefined;
  }
}

async function serve(cdn: Cdn, request: IncomingMessage, response: ServerResponse, key: string): Promise<void> {
  const opened = await cdn.disk.openObject(cdn.bucket, key);
  if (opened === undefined) {
    sendError(response, 404, "NoSuchKey", "The specified key does not exist.", request.method === "HEAD");
    return;
  }
  const { object, handle } = opened;
  let owned = true;
  try {
    const plan = planRead((name) => request.headersDistinct[name]?.[0], object);
    if (plan.status === 412 || plan.status === 416) {
      sendUnreadable(response, plan, object, request.method === "HEAD");
      return;
    }
    response.setHeader("x-cache", cacheWord(cdn, object));
    const headers: Record<string, string> = {
      ...objectHeaders(object),
      "content-type": contentTypeOf(key, object.contentType),
    };
    if (plan.status === 304) {
      const { "content-type": _type, "accept-ranges": _ranges, ...kept } = headers;
      response.writeHead(304, kept).end();
      return;
    }
    const [start, end] = plan.status === 206 ? [plan.start, plan.end] : [0, object.size - 1];
    if (plan.status === 206) headers["content-range"] = `bytes ${start}-${end}/${object.size}`;
    response.writeHead(plan.status, { ...headers, "content-length": end - start + 1 });
    if (request.method === "HEAD" || object.size === 0) {
      response.end();
      return;
    }
    owned = false;
    await sendFile(handle, { start, end }, response);
  } finally {
    if (owned) await handle.close();
  }
}

function sendUnreadable(
  response: ServerResponse,
  plan: Extract<ReadPlan, { status: 412 | 416 }>,
  object: StoredObject,
  isHead: boolean,
): void {
  if (plan.status === 412) {
    const message = "At least one of the pre-conditions you specified did not hold";
    sendError(response, 412, "PreconditionFailed", message, isHead);
    return;
  }
  response.setHeader("content-range", `bytes */${object.size}`);
  sendError(response, 416, "InvalidRange", "The requested range is not satisfiable", isHead);
}

function cacheWord(cdn: Cdn, object: StoredObject): string {
  if (/no-store|private|no-cache/.test(object.cacheControl ?? "")) return "Miss from cloudfront";
  const mark = `${object.key} ${object.etag}`;
  if (cdn.seen.has(mark)) return "Hit from cloudfront";
  if (cdn.seen.size >= SEEN_OBJECTS_MAX) cdn.seen.clear();
  cdn.seen.add(mark);
  return "Miss from cloudfront";
}

function grantCors(cdn: Cdn, request: IncomingMessage, response: ServerResponse): void {
  const origin = request.headers.origin;
  const isListed = cdn.allowedOrigins !== "*";
  if (isListed) response.setHeader("vary", "Origin");
  if (origin === undefined || (isListed && !cdn.allowedOrigins.includes(origin))) return;
  response.setHeader("access-control-allow-origin", isListed ? origin : "*");
  if (isListed) response.setHeader("access-control-allow-credentials", "true");
  response.setHeader("access-control-expose-headers", EXPOSED);
  if (request.method !== "OPTIONS") return;
  response.setHeader("access-control-allow-methods", "GET, HEAD, OPTIONS");
  response.setHeader("access-control-max-age", PREFLIGHT_MAX_AGE_SECONDS);
  const asked = request.headers["access-control-request-headers"];
  if (asked !== undefined) response.setHeader("access-control-allow-headers", asked);
}

function sendError(response: ServerResponse, status: number, code: string, message: string, isHead: boolean): void {
  const body = Buffer.from(xmlDocument("Error", { Code: code, Message: message }, null));
  response.setHeader("x-cache", "Error from cloudfront");
  response.writeHead(status, { "content-type": "text/xml", "content-length": body.length });
  response.end(isHead ? undefined : body);
}
