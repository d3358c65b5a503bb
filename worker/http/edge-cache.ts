import type { MiddlewareHandler } from "hono";
import { cookieOf } from "../kernel/locale.ts";
import { SESSION_COOKIE } from "../kernel/session-cookie.ts";
import type { HirobaEnv } from "./env.ts";

/** Header by which a public answer asks to be kept at the edge, in seconds; it does not leave the house. */
export const EDGE_TTL_HEADER = "x-hiroba-edge-ttl";
/** In the colo's cache: everything of the answer but its text, so that its own headers come back untouched. */
const KEPT_HEADER = "x-hiroba-kept";
const ENTRIES_MAX = 300;
const TEXT_LENGTH_MAX = 256 * 1024;

/** `nonce` is the one that the text was written with. */
type Entry = { text: string; nonce: string; headers: [string, string][]; until: number };

/**
 * Answers that are the same for everybody are kept: in this isolate's memory, then in the colo's cache (Cache API).
 * Only GETs of nobody in particular are looked up or kept; language and theme are part of the key because pages are written in them.
 * A kept page is served with the nonce of the answer at hand in place of the one that it was written with.
 */
const memory = new Map<string, Entry>();

export const edgeCache: MiddlewareHandler<HirobaEnv> = async (c, next) => {
  const { ctx } = c.var;
  const { headers, method, url } = c.req.raw;
  if (method !== "GET" || headers.has("authorization") || cookieOf(headers, SESSION_COOKIE)) {
    await next();
    c.res.headers.delete(EDGE_TTL_HEADER);
    return;
  }
  const key = cacheKey(url, ctx.locale, cookieOf(headers, "hiroba_theme") ?? "system");
  const kept = memory.get(key) ?? (await fromColo(key));
  if (kept && kept.until > ctx.now().getTime()) {
    c.res = new Response(kept.text.replaceAll(kept.nonce, c.var.nonce), {
      headers: [...kept.headers, ["x-cache", "hit"]],
    });
    return;
  }
  await next();
  const ttlS = Number(c.res.headers.get(EDGE_TTL_HEADER) ?? 0);
  c.res.headers.delete(EDGE_TTL_HEADER);
  if (!(ttlS > 0) || c.res.status !== 200 || c.res.headers.has("set-cookie")) return;
  const text = await c.res.clone().text();
  if (text.length > TEXT_LENGTH_MAX) return;
  const entry = {
    text,
    nonce: c.var.nonce,
    headers: [...c.res.headers] as Entry["headers"],
    until: ctx.now().getTime() + ttlS * 1000,
  };
  keep(key, entry);
  ctx.later(toColo(key, entry, ttlS));
};

function keep(key: string, entry: Entry): void {
  memory.delete(key);
  memory.set(key, entry);
  for (const oldest of memory.keys()) {
    if (memory.size <= ENTRIES_MAX) break;
    memory.delete(oldest);
  }
}

function cacheKey(url: string, locale: string, theme: string): string {
  const key = new URL(url);
  key.searchParams.sort();
  key.searchParams.set("hiroba-variant", `${locale}.${theme}`);
  return key.href;
}

async function fromColo(key: string): Promise<Entry | undefined> {
  const found = await coloCache().match(key);
  if (!found) return undefined;
  const { headers, ...rest } = JSON.parse(found.headers.get(KEPT_HEADER) ?? "{}") as Omit<Entry, "text">;
  const entry: Entry = { text: await found.text(), headers, ...rest };
  keep(key, entry);
  return entry;
}

async function toColo(key: string, entry: Entry, ttlS: number): Promise<void> {
  const { text, ...kept } = entry;
  const headers = {
    "content-type": "text/plain",
    "cache-control": `public, max-age=${ttlS}`,
    [KEPT_HEADER]: JSON.stringify(kept),
  };
  await coloCache().put(key, new Response(text, { headers }));
}

/** Cloudflare's own cache of this colo; the DOM's types do not know it. */
const coloCache = (): Cache => (caches as unknown as { default: Cache }).default;
