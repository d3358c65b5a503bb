import { Agent, type IncomingHttpHeaders, request as httpRequest } from "node:http";

/** What the Worker answered. */
export interface WorkerAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** Headers that belong to one connection or one body, not to the visitor (RFC 9110 §7.6.1). */
const NOT_PASSED_ON = new Set([
  "accept-encoding",
  "connection",
  "content-length",
  "keep-alive",
  "te",
  "transfer-encoding",
  "upgrade",
]);

const agent = new Agent({ keepAlive: true });

/**
 * Posts `body` to a development door of the Worker in the visitor's name: with the headers of the visitor's own request,
 * `Host` among them, so that the Worker sees the town's address, and with the page's method and path beside them.
 */
export function passOn(
  workerUrl: string,
  path: string,
  visitor: Request,
  body: Buffer,
  extra: Record<string, string> = {},
): Promise<WorkerAnswer> {
  const headers: Record<string, string> = {};
  for (const [name, value] of visitor.headers) if (!NOT_PASSED_ON.has(name)) headers[name] = value;
  const { host, pathname, search } = new URL(visitor.url);
  const about = { host, "x-page-method": visitor.method, "x-page-url": `${pathname}${search}` };
  return post(
    new URL(path, workerUrl),
    { ...headers, ...about, ...extra, "content-length": String(body.length) },
    body,
  );
}

/** One request; once more when a kept connection turned out to be closed, as a Worker that restarts closes them. */
function post(url: URL, headers: Record<string, string>, body: Buffer, again = true): Promise<WorkerAnswer> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(url, { method: "POST", agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    sent.on("error", (error: NodeJS.ErrnoException) => {
      if (again && sent.reusedSocket && error.code === "ECONNRESET") resolve(post(url, headers, body, false));
      else reject(error);
    });
    sent.end(body);
  });
}
