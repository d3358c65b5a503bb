import type { MiddlewareHandler } from "hono";
import { cookieOf } from "../kernel/locale.ts";
import { SESSION_COOKIE } from "../kernel/session-cookie.ts";
import { SECOND_MS } from "../kernel/time.ts";
import type { HirobaEnv } from "./env.ts";

/** Header by which a public answer asks to be kept at the edge, in seconds; it does not leave the house. */
export const EDGE_TTL_HEADER = "x-hiroba-edge-ttl";
/** In the colo's cache: everything of the answer but its text, so that its own headers come back untouched. */
const KEPT_HEADER = "x-hiroba-kept";
const ENTRIES_MAX = 300;
const TEXT_LENGTH_MAX = 256 * 1024;

/** The answer's bytes, cut wherever its nonce stood. */
type Entry = { pieces: Uint8Array[]; headers: [string, string][]; until: number };
/** How it lies in the colo's cache: the text with the nonce that it was written with. */
type Kept = { nonce: string; headers: [string, string][]; until: number };

/**
 * Answers that are the same for everybody are kept: in this isolate's memory, then in the colo's cache (Cache API).
 * Only GETs of nobody in particular are looked up or kept; language and theme are part of the key because pages are written in them.
 * A kept page is served with the nonce of the answer at hand in place of the one that it was written with.
 */
const memory = new Map<string, Entry>();
/** Part of every key: what was kept under another edition is not found again by this isolate. */
let edition = 0;

/** Makes this isolate ask anew for everything that it keeps. */
export function forgetKept(): void {
  memory.clear();
  edition += 1;
}

export const edgeCache: MiddlewareHandler<HirobaEnv> = async (c, next) => {
  const key = sharedKey(c.req.raw, c.var.ctx.locale);
  const kept = key === undefined ? undefined : await find(key, c.var.ctx.now());
  if (kept) {
    const headers: [string, string][] = [...kept.headers, ["x-cache", "hit"]];
    c.res = new Response(joined(kept.pieces, c.var.nonce), { headers });
    return;
  }
  await next();
  const ttlS = Number(c.res.headers.get(EDGE_TTL_HEADER) ?? 0);
  c.res.headers.delete(EDGE_TTL_HEADER);
  if (key === undefined || !(ttlS > 0) || c.res.status !== 200 || c.res.headers.has("set-cookie")) return;
  const text = await c.res.clone().text();
  if (text.length > TEXT_LENGTH_MAX) return;
  const { ctx, nonce } = c.var;
  const headers = [...c.res.headers] as Entry["headers"];
  const until = ctx.now().getTime() + ttlS * SECOND_MS;
  keep(key, { pieces: cut(text, nonce), headers, until });
  ctx.later(toColo(key, text, { nonce, headers, until }, ttlS));
};

const encoder = new TextEncoder();
const cut = (text: string, nonce: string): Uint8Array[] => text.split(nonce).map((piece) => encoder.encode(piece));

function joined(pieces: readonly Uint8Array[], nonce: string): Uint8Array<ArrayBuffer> {
  const between = encoder.encode(nonce);
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, between.length * (pieces.length - 1)));
  let at = 0;
  pieces.forEach((piece, index) => {
    if (index > 0) {
      bytes.set(between, at);
      at += between.length;
    }
    bytes.set(piece, at);
    at += piece.length;
  });
  return bytes;
}

/** The key under which everybody's answer to this request is kept; undefined when the request is somebody's own. */
function sharedKey(request: Request, locale: string): string | undefined {
  const { headers, method, url } = request;
  if (method !== "GET" || headers.has("authorization") || cookieOf(headers, SESSION_COOKIE)) return undefined;
  const key = new URL(url);
  key.searchParams.sort();
  key.searchParams.set("hiroba-variant", `${locale}.${cookieOf(headers, "hiroba_theme") ?? "system"}.${edition}`);
  return key.href;
}

async function find(key: string, now: Date): Promise<Entry | undefined> {
  const kept = memory.get(key) ?? (await fromColo(key));
  return kept && kept.until > now.getTime() ? kept : undefined;
}

function keep(key: string, entry: Entry): void {
  memory.delete(key);
  memory.set(key, entry);
  for (const oldest of memory.keys()) {
    if (memory.size <= ENTRIES_MAX) break;
    memory.delete(oldest);
  }
}

async function fromColo(key: string): Promise<Entry | undefined> {
  const found = await coloCache().match(key);
  if (!found) return undefined;
  const { nonce, headers, until } = JSON.parse(found.headers.get(KEPT_HEADER) ?? "{}") as Kept;
  const entry: Entry = { pieces: cut(await found.text(), nonce), headers, until };
  keep(key, entry);
  return entry;
}

async function toColo(key: string, text: string, kept: Kept, ttlS: number): Promise<void> {
  const headers = {
    "content-type": "text/plain",
    "cache-control": `public, max-age=${ttlS}`,
    [KEPT_HEADER]: JSON.stringify(kept),
  };
  await coloCache().put(key, new Response(text, { headers }));
}

/** Cloudflare's own cache of this colo; the DOM's types do not know it. */
const coloCache = (): Cache => (caches as unknown as { default: Cache }).default;
