import { getRequestListener } from "@hono/node-server";
import { parse } from "devalue";
import { type AppLoadContext, createRequestHandler, type ServerBuild } from "@remix-run/cloudflare";
import type { Plugin, ViteDevServer } from "vite";
import { apiThrough, type Revive, type VisitorCookies } from "./vite/api-proxy.ts";
import { passOn, type WorkerAnswer } from "./vite/worker-door.ts";

/** Paths that the Worker answers itself. Everything else is a page, or a file of Vite's. */
const WORKER_PATHS = "^/(api|hooks|play|healthz|readyz|__dev)(/|$|\\?)";

/**
 * Lets Vite render the Remix pages, with hot reload, in front of a Worker that runs elsewhere (`wrangler dev`): the
 * Worker's own paths and their WebSockets are passed on, and a loader's `context.api` reaches the Worker's verbs
 * through its development door. Stands before `remix()` in the list of plugins.
 * @param workerUrl origin of the Worker
 */
export function hirobaDev(workerUrl: string): Plugin {
  return {
    name: "hiroba-dev",
    apply: "serve",
    config: () => ({ server: { proxy: { [WORKER_PATHS]: { target: workerUrl, ws: true, changeOrigin: false } } } }),
    configureServer(server) {
      // Vite does not wait for this hook: an asynchronous one would stand behind Remix's own middleware.
      return () => {
        const listener = getRequestListener((request) => answerPage(server, workerUrl, request), {
          overrideGlobalObjects: false,
        });
        server.middlewares.use((request, response) => {
          request.url = request.originalUrl ?? request.url ?? "/";
          void listener(request, response);
        });
      };
    },
  };
}

async function answerPage(server: ViteDevServer, workerUrl: string, request: Request): Promise<Response> {
  try {
    const cookies: VisitorCookies = [];
    const guarded = await guard(workerUrl, request, cookies);
    if (guarded.refusal) return guarded.refusal;
    const response = await renderPage(server, workerUrl, guarded.request, cookies);
    return withCookies(response, cookies);
  } catch (error) {
    server.ssrFixStacktrace(error as Error);
    console.error(error);
    return new Response((error as Error).stack ?? String(error), { status: 500 });
  }
}

/**
 * Before a form is handled the Worker's gate looks at it (CSRF, rate limit), as it would in production.
 * Its refusal goes to the browser unchanged. The body can be read only once, so the page gets a copy.
 */
async function guard(
  workerUrl: string,
  request: Request,
  cookies: VisitorCookies,
): Promise<{ request: Request; refusal?: Response }> {
  if (request.method === "GET" || request.method === "HEAD") return { request };
  const body = Buffer.from(await request.arrayBuffer());
  const answer = await passOn(workerUrl, "/__dev/guard", request, body);
  if (answer.status < 200 || answer.status > 299) return { request, refusal: asResponse(answer) };
  cookies.push(...(answer.headers["set-cookie"] ?? []));
  return { request: new Request(request.url, { method: request.method, headers: request.headers, body }) };
}

async function renderPage(
  server: ViteDevServer,
  workerUrl: string,
  request: Request,
  cookies: VisitorCookies,
): Promise<Response> {
  const [visitor, build, { pageContext }, { AppError }] = await Promise.all([
    whoAsks(workerUrl, request),
    server.ssrLoadModule("virtual:remix/server-build") as Promise<unknown>,
    server.ssrLoadModule("/app/load-context.ts") as Promise<{ pageContext(request: Request): unknown }>,
    server.ssrLoadModule("/worker/kernel/errors.ts") as Promise<{ AppError: { revive: Revive } }>,
  ]);
  const context = {
    api: apiThrough(workerUrl, request, cookies, (wire) => AppError.revive(wire)),
    // Verbs run in the Worker, which makes the real ctx from the visitor's headers: this is what pages themselves may read of it.
    ctx: { ...visitor, now: () => new Date() },
    page: await pageContext(request),
  };
  return createRequestHandler(build as ServerBuild, "development")(request, context as unknown as AppLoadContext);
}

/** What the Worker makes of the visitor: the readable part of the `ctx` that its verbs would get. */
async function whoAsks(workerUrl: string, request: Request): Promise<object> {
  const answer = await passOn(workerUrl, "/__dev/visitor", request, Buffer.alloc(0));
  return answer.status === 200 ? (parse(answer.body.toString()) as object) : {};
}

function asResponse(answer: WorkerAnswer): Response {
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headers)) {
    if (name === "transfer-encoding" || name === "connection") continue;
    for (const one of Array.isArray(value) ? value : [value ?? ""]) headers.append(name, one);
  }
  return new Response(new Uint8Array(answer.body), { status: answer.status, headers });
}

function withCookies(response: Response, cookies: VisitorCookies): Response {
  if (cookies.length === 0) return response;
  const headers = new Headers(response.headers);
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}
