import type { ActionFunctionArgs, AppLoadContext, EntryContext, LoaderFunctionArgs } from "@remix-run/cloudflare";
import { RemixServer } from "@remix-run/react";
import { loggable } from "#worker/kernel/errors.ts";
import { renderToString } from "react-dom/server.browser";

/**
 * Renders a page to one string: pages have no deferred data, and React's stream costs four times as much in workerd.
 * The loaders' data, which Remix would stream behind the markup, is written into the page as the same two calls.
 */
export default async function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  entry: EntryContext,
  { page }: AppLoadContext,
) {
  const handoff = entry.serverHandoffStream ? await new Response(entry.serverHandoffStream).text() : undefined;
  delete entry.serverHandoffStream;
  const markup = renderToString(<RemixServer context={entry} url={request.url} nonce={page.nonce} />);
  headers.set("content-type", "text/html; charset=utf-8");
  headers.append("vary", "cookie, accept-language");
  return new Response(`<!doctype html>${withHandoff(markup, handoff, page.nonce)}`, { status, headers });
}

/** What a page threw and nobody declared: one line, without anybody's data. Readers who left are not an error. */
export function handleError(thrown: unknown, { request, context }: LoaderFunctionArgs | ActionFunctionArgs): void {
  if (request.signal.aborted) return;
  // oxlint-disable-next-line no-console
  console.error(
    JSON.stringify({ level: "error", event: "page.failed", requestId: context.ctx.requestId, error: loggable(thrown) }),
  );
}

function withHandoff(markup: string, handoff: string | undefined, nonce: string): string {
  if (handoff === undefined || !markup.includes("window.__remixContext")) return markup;
  const literal = JSON.stringify(handoff).replace(
    /[<>&\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  const controller = "window.__remixContext.streamController";
  const script = `<script nonce="${nonce}">${controller}.enqueue(${literal});${controller}.close();</script>`;
  const end = markup.lastIndexOf("</body>");
  return end < 0 ? markup : markup.slice(0, end) + script + markup.slice(end);
}
