import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Job, Job$ } from "@aws-sdk/client-mediaconvert";
import { writeModel } from "../aws/model-json.ts";
import type { Delivery } from "../events/delivery-store.ts";
import type { Inbox } from "../mail/inbox.ts";
import { html, page } from "./html.ts";
import { mailListPage, messagePage } from "./mail-pages.ts";
import { eventsPage, jobsPage } from "./media-pages.ts";

/** What the console shows. Anything left out has an empty page. */
export interface ConsoleOptions {
  /** 0 picks a free port. */
  port: number;
  host?: string;
  inbox?: Inbox;
  mediaConvert?: { jobs(): Job[] };
  events?: { deliveries(): Delivery[] };
  /** More places to go to, shown on the overview. */
  links?: readonly { name: string; url: string }[];
}

/** A running console. */
export interface Console {
  url: string;
  stop(): Promise<void>;
}

interface Answer {
  status: number;
  type: "text/html; charset=utf-8" | "application/json";
  body: string;
  headers?: Record<string, string>;
}

const pageAnswer = (body: string, status = 200): Answer => ({ status, type: "text/html; charset=utf-8", body });
const jsonAnswer = (value: unknown, status = 200): Answer => ({
  status,
  type: "application/json",
  body: JSON.stringify(value),
});

const SECURITY_HEADERS = {
  "cache-control": "no-store",
  "content-security-policy":
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/** Only names of this machine: a foreign name that resolves here (DNS rebinding) must not read the mail. */
const LOCAL_HOST = /^(?:localhost|[a-z0-9.-]+\.localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/;

function overview(options: ConsoleOptions): string {
  const jobs = options.mediaConvert?.jobs() ?? [];
  const deliveries = options.events?.deliveries() ?? [];
  const running = jobs.filter((job) => job.Status === "SUBMITTED" || job.Status === "PROGRESSING").length;
  const failed = jobs.filter((job) => job.Status === "ERROR").length;
  const waiting = deliveries.filter((delivery) => delivery.state === "pending").length;
  const links = (options.links ?? []).map((link) => html`<li><a href="${link.url}">${link.name}</a></li>`);
  const body = html`<div class="cards">
      <div class="card">
        <a href="/mail">Mail</a><b>${options.inbox?.list().length ?? 0}</b><span class="muted">messages kept</span>
      </div>
      <div class="card">
        <a href="/jobs">Media jobs</a><b>${jobs.length}</b
        ><span class="muted">${running} unfinished, ${failed} failed</span>
      </div>
      <div class="card">
        <a href="/events">Events</a><b>${deliveries.length}</b
        ><span class="muted">${waiting} waiting for delivery</span>
      </div>
    </div>
    ${
      links.length > 0 &&
      html`<ul>
        ${links}
      </ul>`
    }`;
  return page({ title: "Overview", path: "/", body });
}

/** `GET /mail/api/messages[?to=]`, `GET /mail/api/messages/:id`, `DELETE /mail/api/messages`. */
async function mailApi(inbox: Inbox, method: string, url: URL): Promise<Answer | undefined> {
  const collection = "/mail/api/messages";
  if (url.pathname === collection && method === "GET")
    return jsonAnswer({ messages: inbox.list(url.searchParams.get("to") ?? undefined) });
  if (url.pathname === collection && method === "DELETE") {
    await inbox.clear();
    return jsonAnswer({ messages: [] });
  }
  if (!url.pathname.startsWith(`${collection}/`) || method !== "GET") return undefined;
  const message = inbox.find(decodeURIComponent(url.pathname.slice(collection.length + 1)));
  return message ? jsonAnswer(message) : jsonAnswer({ message: "There is no such message." }, 404);
}

async function mailAnswer(inbox: Inbox, method: string, url: URL): Promise<Answer | undefined> {
  if (url.pathname.startsWith("/mail/api/")) return mailApi(inbox, method, url);
  if (url.pathname === "/mail/clear" && method === "POST") {
    await inbox.clear();
    return { ...pageAnswer("", 303), headers: { location: "/mail" } };
  }
  if (method !== "GET") return undefined;
  if (url.pathname === "/mail") return pageAnswer(mailListPage(inbox, url.searchParams.get("to") || undefined));
  const message = url.pathname.startsWith("/mail/")
    ? inbox.find(decodeURIComponent(url.pathname.slice("/mail/".length)))
    : undefined;
  return message && pageAnswer(messagePage(message, url.searchParams.get("part")));
}

function pageFor(options: ConsoleOptions, route: string): Answer | undefined {
  const jobs = () => options.mediaConvert?.jobs() ?? [];
  const deliveries = () => options.events?.deliveries() ?? [];
  switch (route) {
    case "GET /":
      return pageAnswer(overview(options));
    case "GET /jobs":
      return pageAnswer(jobsPage(jobs()));
    case "GET /jobs/api":
      return jsonAnswer({ jobs: jobs().map((job) => writeModel(Job$, job)) });
    case "GET /events":
      return pageAnswer(eventsPage(deliveries()));
    case "GET /events/api":
      return jsonAnswer({ deliveries: deliveries() });
    default:
      return undefined;
  }
}

async function answerFor(options: ConsoleOptions, method: string, url: URL): Promise<Answer> {
  const isMail = url.pathname === "/mail" || url.pathname.startsWith("/mail/");
  const found =
    isMail && options.inbox
      ? await mailAnswer(options.inbox, method, url)
      : pageFor(options, `${method} ${url.pathname}`);
  return (
    found ??
    pageAnswer(
      page({ title: "Not found", path: "", body: html`<p>There is nothing at <code>${url.pathname}</code>.</p>` }),
      404,
    )
  );
}

/** Browsers say where a request comes from; a foreign page may not change anything here. */
function isForeign(request: IncomingMessage): boolean {
  if (!LOCAL_HOST.test(request.headers.host ?? "")) return true;
  const site = request.headers["sec-fetch-site"];
  return request.method !== "GET" && site !== undefined && site !== "same-origin" && site !== "none";
}

async function respond(options: ConsoleOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  request.resume();
  let answer: Answer;
  try {
    const url = new URL(request.url ?? "/", "http://console");
    answer = isForeign(request)
      ? jsonAnswer({ message: "This console answers only to this machine." }, 403)
      : await answerFor(options, request.method ?? "GET", url);
  } catch (error) {
    answer = jsonAnswer(
      { message: error instanceof Error ? error.message : String(error) },
      error instanceof URIError ? 400 : 500,
    );
  }
  response.writeHead(answer.status, { "content-type": answer.type, ...SECURITY_HEADERS, ...answer.headers });
  response.end(answer.body);
}

/**
 * Serves the pages a developer looks at (mail, media jobs, events) and their JSON for tests, on the loopback interface. No scripts, no outside
 * assets; message HTML is shown in a sandboxed frame.
 */
export async function startConsole(options: ConsoleOptions): Promise<Console> {
  const host = options.host ?? "127.0.0.1";
  const server = createServer((request, response) => void respond(options, request, response));
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(options.port, host, resolve));
  const { port } = server.address() as AddressInfo;
  const stop = () => new Promise<void>((resolve) => server.close(() => resolve()).closeAllConnections());
  return { url: `http://${host}:${port}`, stop };
}
